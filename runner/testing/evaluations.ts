import { alarmsConfig } from '../../schema/alarms-config.js';
import type { Network, PseudoLabelRecord } from '../tracking/tracker.js';
import { AlarmDetector, type AlarmState, type Evaluated, type Judgement } from '../training/alarms.js';
import { Confusion } from '../training/confusion.js';

/** Evaluations for the specs of alarms. */

export const CLASSES = ['background', 'disc', 'box'];

/** A detector with all rules off except the given ones. */
export function detector(rules: Record<string, unknown>, state?: AlarmState) {
  const off = { neverPredicted: null, takeover: null, divergingAgreement: null, drop: null };
  return new AlarmDetector(alarmsConfig.parse({ ...off, ...rules }), CLASSES, state);
}

/** What was predicted for 70 pixels of background, 20 of disc and 10 of box. */
export function confusion(...rows: [number[], number[], number[]]): Confusion {
  const made = new Confusion(3);
  for (const [at, pixels] of rows.flat().entries()) made.counts[at] = pixels;
  return made;
}

export const right = confusion([70, 0, 0], [0, 20, 0], [0, 0, 10]);
export const noBox = confusion([70, 0, 0], [0, 20, 0], [5, 5, 0]);
export const allBackground = confusion([70, 0, 0], [20, 0, 0], [10, 0, 0]);
/** Two classes of 100 pixels each, `correct` of them predicted correctly: mIoU is correct / (200 - correct). */
export const half = (correct: number) => confusion([correct, 100 - correct, 0], [100 - correct, correct, 0], [0, 0, 0]);
export const halfOfIou = (iou: number) => half((200 * iou) / (1 + iou));

let step = 0;

/** An evaluation ten steps after the one before. */
export function evaluated(of: Partial<Record<Network, Confusion>>, pseudoLabels: PseudoLabelRecord[] = []): Evaluated {
  step += 10;
  return { step, confusions: new Map(Object.entries(of) as [Network, Confusion][]), pseudoLabels };
}

/** Pseudo-labels of network 1, in pixels per class. */
export function labels(pseudoPixels: number[], labelledPixels = [700, 200, 100]): PseudoLabelRecord {
  return { step: 0, network: 'BRANCH1', labelledPixels, pseudoPixels, undecidedPixels: 0, confusion: null };
}

/** Judges evaluations of two networks, with two steps of this average agreement before each. */
export function judgedTogether(of: AlarmDetector, history: [agreement: number, iou: number][]): Judgement[] {
  return history.map(([agreement, iou]) => {
    of.agreed(agreement - 0.05);
    of.agreed(agreement + 0.05);
    return of.judge(evaluated({ BRANCH1: halfOfIou(iou + 0.1), BRANCH2: halfOfIou(iou - 0.1) }));
  });
}
