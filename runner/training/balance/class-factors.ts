import type { ClassWeightsConfig } from '../../../schema/class-weights-config.js';
import type { BalanceConfig } from '../../../schema/run-config.js';
import { medianOf } from '../../../schema/statistics/median.js';

/** What a run's cross-entropy does with each class, by class index. */
export interface ClassFactors {
  /** How much a pixel of the class counts, at least 0; null if all count alike. */
  weights: readonly number[] | null;
  /** What is added to the logits of the class; null if nothing is. */
  offsets: readonly number[] | null;
}

/**
 * The factors of a configuration; null if it asks for none. Only classes with labelled pixels have a share of them. The others
 * get the weight 0, so that pseudo-labels of a class of which nothing is known do not count, and the offset of the most frequent
 * class, which favours them least.
 * @param pixels of each class in the labelled images of the split
 */
export function classFactors(config: ClassWeightsConfig, pixels: readonly number[]): ClassFactors | null {
  const all = pixels.reduce((sum, count) => sum + count, 0);
  const known = pixels.filter((count) => count > 0);
  const ofKnown = (value: (count: number) => number) => pixels.map((count) => (count > 0 ? value(count) : 0));
  switch (config.name) {
    case 'none':
      return null;
    case 'inverse_log':
      return { weights: ofKnown((count) => 1 / Math.log(config.offset + count / all)), offsets: null };
    case 'median_frequency': {
      const middle = medianOf(known)!;
      return { weights: ofKnown((count) => Math.min(middle / count, config.cap)), offsets: null };
    }
    case 'effective_number': {
      const weight = (count: number) => (1 - config.beta) / (1 - config.beta ** count);
      const mean = known.reduce((sum, count) => sum + weight(count), 0) / known.length;
      return { weights: ofKnown((count) => weight(count) / mean), offsets: null };
    }
    case 'logit_adjustment': {
      const most = Math.max(...known);
      return { weights: null, offsets: pixels.map((count) => config.tau * Math.log((count || most) / all)) };
    }
  }
}

/** The factors of a network's losses, against labels and against pseudo-labels; null where there are none. */
export interface BranchFactors {
  onLabels: ClassFactors | null;
  onPseudoLabels: ClassFactors | null;
}

/** @throws Error if the configuration asks for factors, and the pixels are unknown */
export function branchFactors(
  balance: Pick<BalanceConfig, 'weights'> | null,
  pixels: readonly number[] | undefined,
): BranchFactors {
  const weights = balance?.weights ?? ({ name: 'none' } as const);
  if (weights.name === 'none') return { onLabels: null, onPseudoLabels: null };
  if (!pixels) throw new Error(`balance.weights is ${weights.name}, which needs the labelled pixels of each class`);
  const onLabels = classFactors(weights, pixels);
  return { onLabels, onPseudoLabels: weights.pseudoLabels ? onLabels : null };
}
