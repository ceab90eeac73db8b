import type { RunConfig } from '../../../schema/run-config.js';
import { randomStream } from '../../random/random.js';
import { drawView, emptyBatch, writeView } from '../augment/augment.js';
import { drawPhotometric } from '../augment/photometric.js';
import { writeStrongView } from '../augment/strong-view.js';
import type { Batch, Dataset, StepBatches } from '../dataset.js';
import { createImageCache } from './image-cache.js';
import { createOrder } from './order.js';

const DEFAULT_CACHE_BYTES = 1024 ** 3;

/** What a method asks for beside the labelled images. */
export interface Streams {
  unlabelled: boolean;
  /** A second stream of unlabelled images, to mix in: in an order of its own, or in that of the first stream. */
  mix: 'own order' | 'same order' | false;
  /** How many times each unlabelled image is also wanted with its colours changed: `Batch.strong`. */
  strongViews: 0 | 1 | 2;
}

export interface LoaderOptions {
  dataset: Dataset;
  /** Ids of training images, as `drawSplit` gives them. */
  split: { labelled: readonly string[]; unlabelled: readonly string[] };
  config: RunConfig;
  streams: Streams;
  /** The first step with unlabelled images: those before it come without. 0 unless given. */
  unlabelledFrom?: number;
  /** Memory for decoded images; 1 GiB unless given. */
  cacheBytes?: number;
}

export interface Loader {
  /** The images of a step (0 is the first): a function of the run's seed and the step alone, in whatever order asked. */
  batch(step: number): Promise<StepBatches>;
  /** Frees the cached images; no batch can be asked for afterwards, and those still asked for may never come. */
  close(): Promise<void>;
}

/**
 * Prepares the batches of a run. Epochs are seeded shuffles that follow each other without a gap, so that a set that is
 * smaller than the batch works too.
 *
 * @throws RangeError when a stream is asked for that the split has no images for.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { dataset, split, config, streams, unlabelledFrom = 0 } = options;
  const { seed, augmentation, training } = config;
  if (split.labelled.length === 0) throw new RangeError('the split has no labelled image');
  if ((streams.unlabelled || streams.mix) && split.unlabelled.length === 0) {
    throw new RangeError(
      `method "${config.method.name}" trains on unlabelled images, but the split ${JSON.stringify(config.split)} leaves none: ${split.labelled.length} are labelled; label fewer, or add images without labels to the dataset (unlabelled/images of a folder)`,
    );
  }
  const [height, width] = augmentation.crop;
  const cache = createImageCache((id) => dataset.load('TRAIN', id), options.cacheBytes ?? DEFAULT_CACHE_BYTES);
  const orders = {
    labelled: createOrder(split.labelled, seed, 'labelled'),
    unlabelled: createOrder(split.unlabelled, seed, 'unlabelled'),
    mix: createOrder(split.unlabelled, seed, streams.mix === 'same order' ? 'unlabelled' : 'mix'),
  };
  let closed = false;

  const fill = async (stream: keyof typeof orders, count: number, step: number, strongViews = 0): Promise<Batch> => {
    const ids = Array.from({ length: count }, (_, index) => orders[stream](step * count + index));
    const images = await Promise.all(ids.map((id) => cache.get(id)));
    const batch = emptyBatch(count, height, width, dataset.descriptor.channels);
    batch.strong = Array.from({ length: strongViews }, () => new Float32Array(batch.images.length));
    for (const [index, image] of images.entries()) {
      const view = drawView(randomStream(seed, 'augment', stream, step, index), image, augmentation);
      writeView(image, view, batch, index, dataset.descriptor);
      for (const [number, strong] of batch.strong.entries()) {
        const colours = drawPhotometric(randomStream(seed, 'strong', stream, step, index, number));
        writeStrongView(batch, index, view, { colours, normalisation: dataset.descriptor.normalisation }, strong);
      }
    }
    return batch;
  };

  return {
    async batch(step) {
      if (closed) throw new Error('the loader is closed');
      if (!Number.isSafeInteger(step) || step < 0) throw new RangeError(`a step is an integer from 0; got ${step}`);
      const { batchLabelled, batchUnlabelled } = training;
      const { unlabelled, mix, strongViews } = streams;
      const labelled = await fill('labelled', batchLabelled, step);
      if (step < unlabelledFrom) return { labelled, unlabelled: null, unlabelledMix: null };
      return {
        labelled,
        unlabelled: unlabelled ? await fill('unlabelled', batchUnlabelled, step, strongViews) : null,
        unlabelledMix: mix ? await fill('mix', batchUnlabelled, step, strongViews) : null,
      };
    },
    async close() {
      closed = true;
      cache.clear();
    },
  };
}
