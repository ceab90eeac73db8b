import { IGNORE_LABEL } from '../data/images/ignore-label.js';

/** Pixel counts of one network: row-major classes x classes, counts[truth * classes + prediction]. */
export class Confusion {
  readonly counts: number[];

  constructor(readonly classes: number) {
    this.counts = new Array<number>(classes * classes).fill(0);
  }

  /** Adds the pixels of two label maps of equal length. Pixels whose truth is 255 are ignored. */
  add(truth: Uint8Array, prediction: Uint8Array): void {
    for (let i = 0; i < truth.length; i++) {
      const label = truth[i]!;
      if (label !== IGNORE_LABEL) this.counts[label * this.classes + prediction[i]!]! += 1;
    }
  }

  /** Mean intersection over union, in [0, 1], over the classes that occur in truth or prediction; NaN if none does. */
  meanIou(): number {
    let sum = 0;
    let occurring = 0;
    for (let c = 0; c < this.classes; c++) {
      let union = -this.at(c, c);
      for (let other = 0; other < this.classes; other++) union += this.at(c, other) + this.at(other, c);
      if (union === 0) continue;
      sum += this.at(c, c) / union;
      occurring += 1;
    }
    return sum / occurring;
  }

  /** The number of pixels of each class in the truth. */
  truePixels(): number[] {
    return this.sums((c, other) => this.at(c, other));
  }

  /** The number of pixels predicted as each class. */
  predictedPixels(): number[] {
    return this.sums((c, other) => this.at(other, c));
  }

  private sums(count: (c: number, other: number) => number): number[] {
    const classes = Array.from({ length: this.classes }, (_, c) => c);
    return classes.map((c) => classes.reduce((sum, other) => sum + count(c, other), 0));
  }

  private at(truth: number, prediction: number): number {
    return this.counts[truth * this.classes + prediction]!;
  }
}
