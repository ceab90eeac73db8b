import { SparseCountsWriter } from '../../schema/sparse-counts.js';
import { IGNORE_LABEL } from '../data/images/ignore-label.js';
import type { ImageCounts } from '../tracking/tracker.js';
import { Confidence } from './confidence.js';
import type { Prediction } from './predictions.js';

/** Pixel counts of one network: row-major classes x classes, counts[truth * classes + prediction]. */
export class Confusion {
  readonly counts: number[];

  constructor(readonly classes: number) {
    this.counts = new Array<number>(classes * classes).fill(0);
  }

  /** Adds the pixels of two label maps of equal length. Pixels whose truth is 255 are ignored. */
  add(truth: Uint8Array, prediction: Uint8Array): void {
    count(this.counts, this.classes, truth, prediction);
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

/** Pixel counts of one network, in all images and in each of them, and its confidence. */
export class ConfusionOfImages extends Confusion {
  readonly confidence: Confidence;
  /** The counts of one image. All 0 in between. */
  private readonly image: Uint32Array;
  private readonly ids: string[] = [];
  private readonly each = new SparseCountsWriter();

  constructor(classes: number) {
    super(classes);
    this.confidence = new Confidence(classes);
    this.image = new Uint32Array(classes * classes);
  }

  /** Adds the pixels of one image, as `add` does, with the probabilities of their classes. */
  addImage(id: string, truth: Uint8Array, { labels, probabilities }: Prediction): void {
    const { image, counts } = this;
    count(image, this.classes, truth, labels);
    this.confidence.add(truth, probabilities);
    this.each.add(image);
    this.ids.push(id);
    for (let cell = 0; cell < image.length; cell++) {
      if (image[cell] === 0) continue;
      counts[cell]! += image[cell]!;
      image[cell] = 0;
    }
  }

  /** The counts of each image, in the order in which the images were added. */
  images(): ImageCounts {
    return { ids: this.ids, counts: this.each.toBytes() };
  }
}

function count(counts: number[] | Uint32Array, classes: number, truth: Uint8Array, prediction: Uint8Array): void {
  for (let i = 0; i < truth.length; i++) {
    const label = truth[i]!;
    if (label !== IGNORE_LABEL) counts[label * classes + prediction[i]!]! += 1;
  }
}
