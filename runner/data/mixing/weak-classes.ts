import type { Random } from '../../random/random.js';

/** What the networks are unsure of, by class. */
export interface ClassStrength {
  /** In [0, 1]. */
  confidence: readonly number[];
  /** The labelled pixels of each class. One without any is never drawn. */
  classPixels: readonly number[];
}

/** The probability of each class: softmax((1 - confidence)^power) over the classes that have labels. */
export function weakClassProbabilities({ confidence, classPixels }: ClassStrength, power: number): number[] {
  const powers = confidence.map((each, index) => (classPixels[index]! > 0 ? Math.exp((1 - each) ** power) : 0));
  const sum = powers.reduce((total, each) => total + each, 0);
  return powers.map((each) => each / sum);
}

/** Draws `count` classes, perhaps the same one several times. None if no class has labels. */
export function drawWeakClasses(random: Random, strength: ClassStrength, power: number, count: number): number[] {
  const probabilities = weakClassProbabilities(strength, power);
  const last = probabilities.findLastIndex((probability) => probability > 0);
  if (last === -1) return [];
  return Array.from({ length: count }, () => {
    let left = random.uniform();
    const index = probabilities.findIndex((probability) => {
      left -= probability;
      return left < 0;
    });
    // The probabilities may add up to a little less than 1.
    return index === -1 ? last : index;
  });
}
