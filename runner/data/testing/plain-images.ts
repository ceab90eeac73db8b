import { parseRunConfig, type RunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import type { Dataset, LabelledImage } from '../dataset.js';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { createLoader, type LoaderOptions, type Streams } from '../loading/loader.js';
import { drawSplit } from '../splits/splits.js';

/** Loaders of the built-in shapes, and of images of which each pixel says which one it is. */

/** Two unlabelled streams. */
export const STREAMS: Streams = { unlabelled: true, mix: 'own order', strongViews: 0 };
/** None. */
export const LABELLED_ONLY: Streams = { unlabelled: false, mix: false, strongViews: 0 };

export function loaderConfigOf(changes: Partial<RunConfigInput> = {}): RunConfig {
  const result = parseRunConfig({
    dataset: 'shapes',
    split: { labelledRatio: 0.125 },
    method: { name: 'cps_cutmix' },
    training: { batchLabelled: 2, batchUnlabelled: 3 },
    seed: 5,
    ...changes,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

export const shapes = openShapes('shapes');
/** Of the shapes. */
export const split = drawSplit(shapes.ids('TRAIN'), 1 / 32, 0);

/** Of the shapes, two labelled and three unlabelled images in a step. */
export function loaderOf(changes: Partial<LoaderOptions> = {}) {
  return createLoader({ dataset: shapes, split, config: loaderConfigOf(), streams: STREAMS, ...changes });
}

/** A dataset of one-colour 32x32 images that records its reads. The colour and the label of an image identify it. */
export function plainDataset(count: number): { dataset: Dataset; ids: string[]; reads: string[] } {
  const ids = Array.from({ length: count }, (_, i) => `plain-${String(i).padStart(3, '0')}`);
  const reads: string[] = [];
  const dataset: Dataset = {
    descriptor: { ...shapes.descriptor, ignoreIndex: 254 },
    ids: () => ids,
    unlabelledIds: [],
    classPixels: (id) => shapes.classPixels(id),
    tagged: [],
    forgetCounts() {},
    async load(_subset, id): Promise<LabelledImage> {
      reads.push(id);
      const pixels = new Uint8Array(32 * 32 * 3).fill(ids.indexOf(id));
      const labels = new Uint8Array(32 * 32).fill(ids.indexOf(id));
      return { id, width: 32, height: 32, channels: 3, pixels, labels };
    },
  };
  return { dataset, ids, reads };
}

/** Leaves the images as they are. */
export const PLAIN = { augmentation: { crop: [32, 32] as [number, number], scales: [1], flip: 0 } };
