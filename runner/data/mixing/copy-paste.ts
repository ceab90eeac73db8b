import { type Random, randomStream } from '../../random/random.js';
import type { StepBatches } from '../dataset.js';
import { paste } from './paste.js';

export interface Unsure {
  /** How many classes are drawn; the same one may be drawn twice. */
  classes: number;
  /** By class, in [0, 1]. */
  confidence: readonly number[];
  /** The labelled pixels of each class. One without any is never drawn. */
  classPixels: readonly number[];
  seed: number;
}

/**
 * AEL's adaptive copy-paste (Hu et al., NeurIPS 2021): draws classes, the less confident ones more often, and pastes all their
 * pixels from the labelled images that the loader has drawn into the unlabelled images of a step.
 */
export function pasteUnsureClasses(step: number, batches: StepBatches, unsure: Unsure): void {
  const { unlabelled, pasteFrom } = batches;
  if (!unlabelled || !pasteFrom) return;
  const classes = drawClasses(randomStream(unsure.seed, 'balance', 'copy-paste', step), unsure);
  paste(pasteFrom, unlabelled, (label) => classes.has(label));
  batches.pasteFrom = null;
}

/** The probability of each class: softmax((1 - confidence)^0.5) over the classes that have labels. */
export function pasteProbabilities({ confidence, classPixels }: Pick<Unsure, 'confidence' | 'classPixels'>): number[] {
  const powers = confidence.map((each, index) => (classPixels[index]! > 0 ? Math.exp(Math.sqrt(1 - each)) : 0));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function drawClasses(random: Random, unsure: Unsure): Set<number> {
  const probabilities = pasteProbabilities(unsure);
  const drawn = Array.from({ length: unsure.classes }, () => {
    let left = random.uniform();
    // The probabilities may add up to a little less than 1.
    const last = probabilities.findLastIndex((probability) => probability > 0);
    const index = probabilities.findIndex((probability) => {
      left -= probability;
      return left < 0;
    });
    return index === -1 ? last : index;
  });
  return new Set(drawn);
}
