import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AlarmKind, AlarmsConfig } from '../../schema/alarms-config.js';
import type { AlarmEndRecord, AlarmRecord, AlarmSubject, Network, PseudoLabelRecord } from '../tracking/tracker.js';
import type { Confusion } from './confusion.js';

/** The networks that are judged. The ensemble has no alarms of its own: it is judged through its two networks. */
const NETWORKS = { BRANCH1: 'network 1', BRANCH2: 'network 2' } as const satisfies Partial<Record<Network, string>>;

type Judged = keyof typeof NETWORKS;

const evaluationsInRow = z.array(z.int().min(0));

const networkState = z.strictObject({
  /** Per class: in how many evaluations in a row it was never predicted, and in how many it dominated. */
  missing: evaluationsInRow,
  dominant: evaluationsInRow,
  /** The highest mIoU so far, and whether the drop from it has been reported. */
  peak: z.strictObject({ meanIou: z.number(), told: z.boolean() }).nullable(),
});

/** Plain numbers, so that a checkpoint stores them exactly. */
export const alarmState = z.strictObject({
  /** Sum and number of steps since the last evaluation. */
  agreement: z.strictObject({ sum: z.number(), steps: z.int().min(0) }),
  /** The latest evaluations, oldest first. */
  history: z.array(z.strictObject({ agreement: z.number(), meanIou: z.number() })),
  networks: z.strictObject({ BRANCH1: networkState.optional(), BRANCH2: networkState.optional() }),
  /**
   * Whether the alarm DIVERGING_AGREEMENT is active; for the other kinds, the numbers above say so. Absent if it is not, so that
   * runners that do not know it can resume.
   */
  diverging: z.literal(true).optional(),
});

export type AlarmState = z.output<typeof alarmState>;

/** What is known about a run after an evaluation on the validation images. */
export interface Evaluated {
  step: number;
  /** Empty for a dataset without validation images. */
  confusions: ReadonlyMap<Network, Confusion>;
  /** Empty for a method without pseudo-labels. */
  pseudoLabels: readonly PseudoLabelRecord[];
}

/** What an evaluation changes. */
export interface Judgement {
  raised: AlarmRecord[];
  /** The alarms of earlier evaluations that are over. */
  over: AlarmEndRecord[];
}

/**
 * Finds what looks wrong in a run's evaluations; docs/metrics.md has the rules. Each alarm is raised once, however long its
 * condition lasts, and is over when it could be raised again.
 */
export class AlarmDetector {
  private state: AlarmState;

  constructor(
    private readonly config: AlarmsConfig,
    /** Names of the dataset's classes. */
    private readonly classes: readonly string[],
    state?: AlarmState,
  ) {
    this.state = state ?? nothingSeen();
  }

  /** Adds the agreement of the networks in one step, in [0, 1]. */
  agreed(share: number): void {
    this.state.agreement.sum += share;
    this.state.agreement.steps += 1;
  }

  /**
   * The networks restart from their initial weights after `step` iterations, so earlier evaluations no longer count. Returns the
   * alarms about the networks as they were, which are over.
   */
  startAgain(step: number): AlarmEndRecord[] {
    const over = this.active().map((subject) => ({ step, ...subject }));
    this.state = nothingSeen();
    return over;
  }

  /** The alarms that this evaluation raises, and those that are over because of it. */
  judge(evaluated: Evaluated): Judgement {
    const before = this.active();
    const alarms = (Object.keys(NETWORKS) as Judged[]).flatMap((network) => [
      ...this.neverPredicted(network, evaluated),
      ...this.takenOver(network, evaluated),
      ...this.dropped(network, evaluated),
    ]);
    const raised = [...alarms, ...this.divergingAgreement(evaluated)];
    const after = this.active();
    const over = before.filter((subject) => !after.some((other) => isDeepStrictEqual(other, subject)));
    return { raised, over: over.map((subject) => ({ step: evaluated.step, ...subject })) };
  }

  save(): AlarmState {
    return structuredClone(this.state);
  }

  /** What the alarms are about that have been raised and are not over. */
  private active(): AlarmSubject[] {
    const { neverPredicted, takeover, drop, divergingAgreement } = this.config;
    const subjects = (Object.keys(NETWORKS) as Judged[]).flatMap((network): AlarmSubject[] => {
      const state = this.state.networks[network];
      if (!state) return [];
      const about = (kind: AlarmKind, counts: readonly number[], after = Number.POSITIVE_INFINITY) =>
        [...counts.keys()].flatMap((classIndex) =>
          counts[classIndex]! >= after ? [{ kind, network, classIndex }] : [],
        );
      return [
        ...about('NEVER_PREDICTED', state.missing, neverPredicted?.after),
        ...about('TAKEOVER', state.dominant, takeover?.after),
        ...(drop && state.peak?.told ? [{ kind: 'DROP' as const, network, classIndex: null }] : []),
      ];
    });
    if (!divergingAgreement || !this.state.diverging) return subjects;
    return [...subjects, { kind: 'DIVERGING_AGREEMENT', network: null, classIndex: null }];
  }

  private neverPredicted(network: Judged, { step, confusions }: Evaluated): AlarmRecord[] {
    const rule = this.config.neverPredicted;
    const confusion = confusions.get(network);
    if (!rule || !confusion) return [];
    const truth = confusion.truePixels();
    const predicted = confusion.predictedPixels();
    const { missing } = this.of(network);
    return this.classes.flatMap((name, classIndex): AlarmRecord[] => {
      if (predicted[classIndex]! > 0) missing[classIndex] = 0;
      else if (truth[classIndex]! > 0) missing[classIndex]! += 1;
      else return [];
      if (missing[classIndex] !== rule.after) return [];
      const message = `${NETWORKS[network]} never predicts "${name}" on the validation images, where it covers ${share(truth, classIndex)} of the pixels${inRow(rule.after)}`;
      return [{ step, kind: 'NEVER_PREDICTED', network, classIndex, message }];
    });
  }

  private takenOver(network: Judged, { step, confusions, pseudoLabels }: Evaluated): AlarmRecord[] {
    const rule = this.config.takeover;
    if (!rule) return [];
    const labels = pseudoLabels.find((record) => record.network === network);
    const confusion = confusions.get(network);
    const reference = labels?.labelledPixels ?? confusion?.truePixels();
    const found = labels?.pseudoPixels ?? confusion?.predictedPixels();
    if (!reference || !found) return [];
    const { dominant } = this.of(network);
    return this.classes.flatMap((name, classIndex): AlarmRecord[] => {
      const isDominant = rest(found, classIndex) < rule.remaining * rest(reference, classIndex);
      dominant[classIndex] = isDominant ? dominant[classIndex]! + 1 : 0;
      if (dominant[classIndex] !== rule.after) return [];
      const where = labels
        ? [`of the pseudo-labels of ${NETWORKS[network]}`, 'of the labelled pixels']
        : [`of the predictions of ${NETWORKS[network]} on the validation images`, 'of their labels'];
      const message = `"${name}" makes up ${share(found, classIndex)} ${where[0]}, but only ${share(reference, classIndex)} ${where[1]}${inRow(rule.after)}`;
      return [{ step, kind: 'TAKEOVER', network, classIndex, message }];
    });
  }

  private dropped(network: Judged, { step, confusions }: Evaluated): AlarmRecord[] {
    const rule = this.config.drop;
    const meanIou = confusions.get(network)?.meanIou() ?? Number.NaN;
    if (!rule || Number.isNaN(meanIou)) return [];
    const of = this.of(network);
    if (!of.peak || meanIou >= of.peak.meanIou) of.peak = { meanIou, told: false };
    const { peak } = of;
    if (peak.told || points(peak.meanIou - meanIou) <= rule.points) return [];
    peak.told = true;
    const message = `mIoU of ${NETWORKS[network]} has fallen from ${percent(peak.meanIou)} to ${percent(meanIou)}`;
    return [{ step, kind: 'DROP', network, classIndex: null, message }];
  }

  private divergingAgreement({ step, confusions }: Evaluated): AlarmRecord[] {
    const { sum, steps } = this.state.agreement;
    this.state.agreement = { sum: 0, steps: 0 };
    const rule = this.config.divergingAgreement;
    const ious = (Object.keys(NETWORKS) as Judged[]).flatMap((network) => confusions.get(network)?.meanIou() ?? []);
    const meanIou = ious.reduce((total, iou) => total + iou, 0) / ious.length;
    if (!rule || steps === 0 || Number.isNaN(meanIou)) return [];
    const now = { agreement: sum / steps, meanIou };
    this.state.history = [...this.state.history, now].slice(-rule.over - 1);
    const [before] = this.state.history;
    if (this.state.history.length <= rule.over || !before) return [];
    const rose = points(now.agreement - before.agreement) >= rule.rise;
    if (!rose || points(before.meanIou - now.meanIou) < rule.fall) {
      delete this.state.diverging;
      return [];
    }
    this.state.diverging = true;
    // Later evaluations are compared with this one.
    this.state.history = [now];
    const message = `agreement of the networks rose from ${percent(before.agreement)} to ${percent(now.agreement)} while their mIoU fell from ${percent(before.meanIou)} to ${percent(now.meanIou)}, over ${rule.over} evaluations`;
    return [{ step, kind: 'DIVERGING_AGREEMENT', network: null, classIndex: null, message }];
  }

  private of(network: Judged) {
    const zeros = () => this.classes.map(() => 0);
    this.state.networks[network] ??= { missing: zeros(), dominant: zeros(), peak: null };
    return this.state.networks[network];
  }
}

/** A line for the log of the run, such as `alarm TAKEOVER of network 1, "road", is over`. */
export function endInWords({ kind, network, classIndex }: AlarmSubject, classes: readonly string[]): string {
  const about = [
    network === null ? '' : ` of ${NETWORKS[network as Judged]}`,
    classIndex === null ? '' : `, "${classes[classIndex]}",`,
  ];
  return `alarm ${kind}${about.join('')} is over`;
}

function nothingSeen(): AlarmState {
  return { agreement: { sum: 0, steps: 0 }, history: [], networks: {} };
}

/** The share, in [0, 1], of all classes but one. Without pixels it is NaN, for which every comparison is false. */
function rest(pixels: readonly number[], classIndex: number): number {
  return 1 - pixels[classIndex]! / total(pixels);
}

function share(pixels: readonly number[], classIndex: number): string {
  return percent(pixels[classIndex]! / total(pixels));
}

function total(pixels: readonly number[]): number {
  return pixels.reduce((sum, count) => sum + count, 0);
}

function points(difference: number): number {
  return 100 * difference;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function inRow(evaluations: number): string {
  return evaluations === 1 ? '' : `, in ${evaluations} evaluations in a row`;
}
