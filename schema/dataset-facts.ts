import { z } from 'zod';
import { ownRule } from './problems/issues.js';

/**
 * What a dataset holds, as the runner that announces it has counted, and as the server stores it. `crosscheck dataset DIR` says
 * more.
 */

/** The subsets, and the training images that have no label. */
export const DATASET_PARTS = ['TRAIN', 'VAL', 'TEST', 'UNLABELLED'] as const;

/** The most that is listed of what can be long. */
export const MOST_SIZES = 10;
export const MOST_SPLITS = 10;
const MOST_CLASSES = 255;

/** What an Int of GraphQL can hold. */
const count = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
/** Of all images. */
const pixels = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const components = z.strictObject({ count, smallest: count, median: z.number().min(0), largest: count });

const partClass = z.strictObject({ pixels, images: count, components: components.nullable() });

const part = z.strictObject({
  part: z.enum(DATASET_PARTS),
  images: count,
  sizes: z.array(z.strictObject({ width: count, height: count, images: count })).max(MOST_SIZES),
  bits: z.array(z.union([z.literal(8), z.literal(16)])).max(2),
  /** By class index; empty if the part has no labels. */
  classes: z.array(partClass).max(MOST_CLASSES),
  ignoredPixels: pixels,
});

const split = z.strictObject({
  labelledRatio: z.number().gt(0).max(1),
  labelledImages: count,
  /** By class index. */
  classes: z.array(z.strictObject({ pixels, images: count })).max(MOST_CLASSES),
});

export const datasetFacts = z.strictObject({
  parts: z
    .array(part)
    .max(DATASET_PARTS.length)
    .refine((parts) => new Set(parts.map((each) => each.part)).size === parts.length, ownRule('PART_TWICE')),
  /** As runs draw them with the seed 0. */
  splits: z.array(split).max(MOST_SPLITS),
  duplicates: z.strictObject({ groups: count, acrossSubsets: count, near: count }),
});

export type DatasetFacts = z.output<typeof datasetFacts>;
