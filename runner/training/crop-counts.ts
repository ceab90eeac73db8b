import { z } from 'zod';
import type { Batch } from '../data/dataset.js';

/** How many labelled training crops were used, and how many of them held each class, by index. Plain numbers, for checkpoints. */
export const cropCounts = z.strictObject({ crops: z.int().min(0), cropsWithClass: z.array(z.int().min(0)) });

export type CropCounts = z.output<typeof cropCounts>;

/** Counts the labelled crops between two evaluations. */
export class CropCounter {
  private counts: CropCounts;

  /** @param counts those since the last evaluation, from a checkpoint */
  constructor(
    private readonly classes: number,
    counts?: CropCounts,
  ) {
    this.counts = counts ? structuredClone(counts) : none(classes);
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

  save(): CropCounts {
    return structuredClone(this.counts);
  }
}

function none(classes: number): CropCounts {
  return { crops: 0, cropsWithClass: new Array<number>(classes).fill(0) };
}
