import type { ClassEvidence, RunEvidence } from './evidence.js';

export type CauseKind =
  | 'NO_LABELS'
  | 'STARVED_IN_CROPS'
  | 'EXCLUDED_BY_CONFIDENCE'
  | 'CONFUSED'
  | 'FEW_IMAGES'
  | 'FEW_PIXELS'
  | 'LOST_IN_TRAINING'
  | 'UNKNOWN';

/** A cause that fits, with the numbers that it was found by. */
export interface Finding {
  cause: CauseKind;
  /** How well it fits, in [0, 1]. */
  strength: number;
  words: string;
}

type Find = (it: ClassEvidence, run: RunEvidence) => Omit<Finding, 'cause'> | null;

/** A class in more than this share of the crops is not starved. */
const OFTEN_IN_CROPS = 0.15;
/** Images hold a class more often than crops do, since crops are smaller. This much more often is no longer normal. */
const FEWER_CROPS = 3;
/** A class in at most this share of the labelled images, or in at most this many, has few. */
const FEW_IMAGES_SHARE = 0.15;
const FEW_IMAGES = 3;
/** A class with less than this share of the labelled pixels has few. */
const FEW_PIXELS_SHARE = 0.01;
/** Another class is confused with one if it takes this share of its pixels... */
const CONFUSED_SHARE = 0.4;
/** ... and this many times as much as it takes of all pixels: a class that dominates takes pixels of all others. */
const CONFUSED_LIFT = 2;
/** Pseudo-labels leave a class out if their share of it is below this share of what the network predicts. */
const LEFT_OUT = 0.5;

/** For each cause, how to find it. The strengths order causes that fit at the same time: what starves a class comes before its symptoms. */
export const CAUSES: Record<Exclude<CauseKind, 'UNKNOWN'>, Find> = {
  NO_LABELS: ({ labelledImages }, run) =>
    labelledImages === 0 && run.labelledImages !== null
      ? { strength: 1, words: `in none of the ${run.labelledImages} labelled images` }
      : null,

  EXCLUDED_BY_CONFIDENCE({ pseudoShare, confidence, predictedPixels }, { confidence: least, classes }) {
    if (least === null || pseudoShare === null || confidence === null || confidence >= least) return null;
    const predicted = predictedPixels / sum(classes.map((each) => each.predictedPixels));
    if (!(predicted > 0) || pseudoShare >= LEFT_OUT * predicted) return null;
    const words =
      `${percent(predicted)} of the predictions, but ${percent(pseudoShare)} of the pseudo-labels: its confidence of ` +
      `${percent(confidence)} is below the limit of ${percent(least)}`;
    return { strength: 0.95 - 0.1 * (pseudoShare / predicted), words };
  },

  STARVED_IN_CROPS({ cropShare, labelledImages }, run) {
    if (cropShare === null || !labelledImages || !run.labelledImages || cropShare > OFTEN_IN_CROPS) return null;
    const images = labelledImages / run.labelledImages;
    const fewer = images / Math.max(cropShare, 1e-6);
    if (fewer < FEWER_CROPS) return null;
    const words = `in ${percent(images)} of the labelled images, but in ${percent(cropShare)} of the training crops`;
    return { strength: 0.9 - 0.3 * (FEWER_CROPS / fewer), words };
  },

  CONFUSED({ takenFor: [first], truePixels }, { classes }) {
    if (!first || truePixels === 0 || first.share < CONFUSED_SHARE) return null;
    const other = classes.find(({ name }) => name === first.name)!;
    const all = other.predictedPixels / sum(classes.map((each) => each.predictedPixels));
    if (first.share < CONFUSED_LIFT * all) return null;
    const words = `${percent(first.share)} of its pixels are taken for ${first.name}, which makes up ${percent(all)} of all predictions`;
    return { strength: 0.5 + 0.35 * (1 - all / first.share) * first.share, words };
  },

  FEW_IMAGES({ labelledImages }, run) {
    if (!labelledImages || !run.labelledImages) return null;
    const images = labelledImages / run.labelledImages;
    if (labelledImages > FEW_IMAGES && images > FEW_IMAGES_SHARE) return null;
    // With few labelled images in all, three may be most of them.
    if (images > 0.5) return null;
    return { strength: 0.75 - 0.3 * images, words: `in ${labelledImages} of ${run.labelledImages} labelled images` };
  },

  FEW_PIXELS({ labelledShare }) {
    if (labelledShare === null || labelledShare === 0 || labelledShare >= FEW_PIXELS_SHARE) return null;
    const strength = 0.4 - 0.2 * (labelledShare / FEW_PIXELS_SHARE);
    return { strength, words: `${percent(labelledShare)} of the labelled pixels` };
  },

  LOST_IN_TRAINING({ lost }, { rampUp, iterations }) {
    if (lost === null || rampUp === null) return null;
    const full = Math.round(rampUp * iterations);
    const when =
      full > 0 && lost >= full ? `, after the unsupervised loss had reached its full weight at step ${full}` : '';
    return { strength: 0.45, words: `lost at step ${lost}${when}` };
  },
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Two significant digits below 1 %. */
function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 1 || value === 0 ? value.toFixed(value >= 10 ? 0 : 1) : value.toPrecision(2)} %`;
}
