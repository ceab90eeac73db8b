import { IGNORE_LABEL } from '../data/images/ignore-label.js';

/** The mean probability that a network gives to the true class of a pixel, by class. Pixels whose truth is 255 are ignored. */
export class Confidence {
  private readonly sums: Float64Array;
  private readonly pixels: Float64Array;

  constructor(private readonly classes: number) {
    this.sums = new Float64Array(classes);
    this.pixels = new Float64Array(classes);
  }

  /** Adds pixels with their labels, and their probabilities: `classes` consecutive values for each. */
  add(truth: Uint8Array, probabilities: Float32Array): void {
    const { classes, sums, pixels } = this;
    for (let i = 0; i < truth.length; i++) {
      const label = truth[i]!;
      if (label === IGNORE_LABEL) continue;
      sums[label]! += probabilities[i * classes + label]!;
      pixels[label]! += 1;
    }
  }

  /** In [0, 1]; null for a class that has no pixels. */
  means(): (number | null)[] {
    return Array.from(this.sums, (sum, label) =>
      this.pixels[label]! > 0 ? Math.min(1, sum / this.pixels[label]!) : null,
    );
  }
}
