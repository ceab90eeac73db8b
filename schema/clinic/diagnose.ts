import { medianOf } from '../statistics/median.js';
import { CAUSES, type CauseKind, type Finding } from './causes.js';
import type { ClassEvidence, RunEvidence } from './evidence.js';

/** A class whose IoU is below this, or below this share of the classes' median, is not healthy. */
const LOWEST_IOU = 0.05;
const LOWEST_SHARE = 0.25;
/** A class that learns nothing from the unlabelled images is healthy only above this. */
const LOWEST_LEFT_OUT = 0.75;

/** Why a class is not predicted, or hardly. */
export interface Diagnosis {
  /** The findings and the numbers in one sentence, the strongest cause first. */
  summary: string;
  /** At least one, the strongest first. */
  findings: readonly Finding[];
}

/**
 * Looks for the causes why the class at this index is not predicted. Null for a healthy class, and for one that the evaluation
 * says nothing about because its images do not hold it, unless the class is missing from the labels.
 */
export function diagnose(run: RunEvidence, index: number): Diagnosis | null {
  const it = run.classes[index]!;
  const all = Object.entries(CAUSES)
    .flatMap(([cause, find]) => {
      const found = find(it, run);
      return found ? [{ cause: cause as CauseKind, ...found }] : [];
    })
    .sort((a, b) => b.strength - a.strength);
  // Without labels, everything else follows.
  const findings = all[0]?.cause === 'NO_LABELS' ? all.slice(0, 1) : all;
  if (!isIll(run, it, findings)) return null;
  if (findings.length === 0) findings.push({ cause: 'UNKNOWN', strength: 0, words: 'none of the known causes fits' });
  return { summary: `${it.name}: ${[stateOf(it), ...findings.map(({ words }) => words)].join('; ')}`, findings };
}

function isIll({ classes }: RunEvidence, it: ClassEvidence, findings: readonly Finding[]): boolean {
  if (findings.some(({ cause }) => cause === 'NO_LABELS')) return true;
  if (it.truePixels === 0 || it.iou === null) return false;
  // Predicted, but it learns nothing from the unlabelled images.
  if (findings.some(({ cause }) => cause === 'EXCLUDED_BY_CONFIDENCE')) return it.iou < LOWEST_LEFT_OUT;
  const ious = classes.flatMap(({ truePixels, iou }) => (truePixels > 0 && iou !== null ? [iou] : []));
  return it.iou < Math.max(LOWEST_IOU, LOWEST_SHARE * medianOf(ious)!);
}

function stateOf({ iou, truePixels, firstPredicted, lost }: ClassEvidence): string {
  if (truePixels === 0 || iou === null) return 'the evaluated images do not hold it';
  if (firstPredicted === null) return 'never predicted';
  if (lost !== null) return `predicted at step ${firstPredicted}, and no longer since step ${lost}`;
  return `IoU ${(100 * iou).toFixed(1)} %`;
}
