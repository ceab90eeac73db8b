import type { Batch } from '../data/dataset.js';

/** How many labelled training crops were used, and how many of them held each class. */
export interface CropCounts {
  crops: number;
  /** By class index. */
  cropsWithClass: number[];
}

/**
 * Counts the labelled crops between two evaluations. The counts are not part of a checkpoint: a run that resumes counts from
 * there on, which changes no share by much.
 */
export class CropCounter {
  private counts: CropCounts;

  constructor(private readonly classes: number) {
    this.counts = none(classes);
  }

  add({ count, labels }: Pick<Batch, 'count' | 'labels'>): void {
    const pixels = labels.length / count;
    for (let crop = 0; crop < count; crop++) {
      const found = new Uint8Array(256);
      for (let i = crop * pixels; i < (crop + 1) * pixels; i++) found[labels[i]!] = 1;
      for (let label = 0; label < this.classes; label++) this.counts.cropsWithClass[label]! += found[label]!;
    }
    this.counts.crops += count;
  }

  /** The counts since the last call; null if there were no crops. */
  drain(): CropCounts | null {
    const { counts } = this;
    this.counts = none(this.classes);
    return counts.crops > 0 ? counts : null;
  }
}

function none(classes: number): CropCounts {
  return { crops: 0, cropsWithClass: new Array<number>(classes).fill(0) };
}
