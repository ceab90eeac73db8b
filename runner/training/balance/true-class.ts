import { IGNORE_LABEL } from '../../data/images/ignore-label.js';

/** What a network predicted for the labelled pixels of a step, by class. */
export interface TrueClassSums {
  /** The sum, over the pixels that are labelled with the class, of its probability. */
  probability: number[];
  /** The number of these pixels. */
  pixels: number[];
}

/**
 * @param probabilities of each labelled pixel's true class
 * @param labels of the same pixels; 255 is ignored
 */
export function trueClassSums(probabilities: Float32Array, labels: Uint8Array, classes: number): TrueClassSums {
  const sums: TrueClassSums = {
    probability: new Array<number>(classes).fill(0),
    pixels: new Array<number>(classes).fill(0),
  };
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label === IGNORE_LABEL) continue;
    sums.probability[label]! += probabilities[i]!;
    sums.pixels[label]! += 1;
  }
  return sums;
}
