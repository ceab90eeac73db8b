import type { RunConfig } from '../../../schema/run-config.js';
import { type Random, randomStream } from '../../random/random.js';
import { drawView, emptyBatch, normalisedBlack, type View, writePadding, writeView } from '../augment/augment.js';
import { type ClassPixels, createClassSampler, drawViewOf, placeOf } from '../augment/class-sampling.js';
import { drawIntensity } from '../augment/intensity.js';
import { type ColourStrength, drawPhotometric } from '../augment/photometric.js';
import { type ColourChange, writeStrongView } from '../augment/strong-view.js';
import type { Batch, Dataset, LabelledImage, StepBatches } from '../dataset.js';
import { paste } from '../mixing/paste.js';
import { createSources } from '../mixing/sources.js';
import { createImageCache } from './image-cache.js';
import { createOrder } from './order.js';

const DEFAULT_CACHE_BYTES = 1024 ** 3;

/** What a method needs in addition to the labelled images. */
export interface Streams {
  unlabelled: boolean;
  /** A second stream of unlabelled images, to mix in: in its own order, or in the order of the first stream. */
  mix: 'own order' | 'same order' | false;
  /** Number of strong views per unlabelled image: `Batch.strong`. */
  strongViews: 0 | 1 | 2;
  /** How their colours change: how strongly, or by up to this number of AugSeg's operations; `strong` by default. */
  colours?: ColourStrength | { operations: number };
  /** Whether to say which pixels of unlabelled images are padding: `Batch.padding`; by default, not. */
  padding?: boolean;
}

export interface LoaderOptions {
  dataset: Dataset;
  /** Ids of training images, as returned by `drawSplit`. */
  split: { labelled: readonly string[]; unlabelled: readonly string[] };
  config: RunConfig;
  streams: Streams;
  /** The first step that has unlabelled images; default 0. */
  unlabelledFrom?: number;
  /**
   * Of each labelled image, as `countLabelled` returns them. Needed for `balance.sampling`, and for `balance.mixing`
   * with the name `class_aware`.
   */
  classPixels?: ClassPixels;
  /** Memory for decoded images; default 1 GiB. */
  cacheBytes?: number;
}

export interface Loader {
  /** The images of a step (the first is 0). They depend only on the run's seed and the step, not on earlier calls. */
  batch(step: number): Promise<StepBatches>;
  /** Frees the cached images. After this, `batch` throws, and pending batches may never arrive. */
  close(): Promise<void>;
}

/** An image of a batch. */
interface Choice {
  id: string;
  viewOf(image: LabelledImage): View;
}

/**
 * Prepares the batches of a run. Epochs are seeded shuffles that follow each other without a gap, so a set that is
 * smaller than the batch also works.
 *
 * @throws RangeError when the split has no images for a requested stream.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { dataset, split, config, streams, unlabelledFrom = 0 } = options;
  const { seed, augmentation, training } = config;
  const sampling = config.balance?.sampling;
  if (split.labelled.length === 0) throw new RangeError('the split has no labelled images');
  if ((streams.unlabelled || streams.mix) && split.unlabelled.length === 0) {
    throw new RangeError(
      `method "${config.method.name}" trains on unlabelled images, but the split ${JSON.stringify(config.split)} leaves none: ${split.labelled.length} are labelled; label fewer images, or add images without labels to the dataset (in a folder, to unlabelled/images)`,
    );
  }
  const [height, width] = augmentation.crop;
  // UniMatch changes the colours of the padded crop, so its padding changes too.
  const black = augmentation.padding === 'black';
  const cache = createImageCache((id) => dataset.load('TRAIN', id), options.cacheBytes ?? DEFAULT_CACHE_BYTES);
  const fixed = training.unlabelledOrder === 'fixed';
  const orders = {
    labelled: createOrder(split.labelled, seed, 'labelled'),
    unlabelled: createOrder(split.unlabelled, seed, 'unlabelled', fixed),
    mix: createOrder(split.unlabelled, seed, streams.mix === 'same order' ? 'unlabelled' : 'mix', fixed),
  };
  if (sampling && !options.classPixels) throw new Error('balance.sampling needs the pixels of the labelled images');
  const drawForClass = sampling ? createClassSampler(options.classPixels!, sampling.temperature) : null;
  const mixing = config.balance?.mixing ?? ({ name: 'none' } as const);
  const drawSource = createSources({
    mixing,
    labelled: split.labelled,
    classPixels: options.classPixels,
    augmentation,
    seed,
  });
  let closed = false;

  /** The image at a place of a batch, and how its view is drawn. */
  const choose = (stream: keyof typeof orders, count: number, step: number, index: number): Choice => {
    const position = step * count + index;
    const place = sampling && stream === 'labelled' ? placeOf(position, sampling.share) : position;
    if (place !== 'drawn') {
      const random = randomStream(seed, 'augment', stream, step, index);
      return { id: orders[stream](place), viewOf: (image) => drawView(random, image, augmentation) };
    }
    const random = randomStream(seed, 'balance', 'sampling', step, index);
    const { id, classIndex } = drawForClass!(random);
    return { id, viewOf: (image) => drawViewOf(random, image, classIndex, augmentation, sampling!) };
  };

  const fill = async (stream: keyof typeof orders, count: number, step: number, strongViews = 0): Promise<Batch> => {
    const choices = Array.from({ length: count }, (_, index) => choose(stream, count, step, index));
    const images = await Promise.all(choices.map(({ id }) => cache.get(id)));
    const { channels, normalisation } = dataset.descriptor;
    const batch = emptyBatch(count, height, width, channels, black ? normalisedBlack(normalisation) : undefined);
    batch.strong = Array.from({ length: strongViews }, () => batch.images.slice());
    if (streams.padding && stream !== 'labelled') batch.padding = new Uint8Array(batch.labels.length);
    for (const [index, image] of images.entries()) {
      const view = choices[index]!.viewOf(image);
      writeView(image, view, batch, index, dataset.descriptor);
      if (batch.padding) writePadding(batch, index, view, batch.padding);
      for (const [number, strong] of batch.strong.entries()) {
        const colours = drawColours(randomStream(seed, 'strong', stream, step, index, number), streams.colours);
        writeStrongView(batch, index, view, { colours, normalisation, whole: black }, strong);
      }
    }
    return batch;
  };

  /** Of labelled images, what may be pasted into the unlabelled ones of a step, with as many strong views. */
  const sourcesOf = async (step: number, strongViews: number): Promise<Batch> => {
    const { channels, normalisation } = dataset.descriptor;
    const count = training.batchUnlabelled;
    const batch = emptyBatch(count, height, width, channels);
    batch.strong = Array.from({ length: strongViews }, () => batch.images.slice());
    for (let index = 0; index < count; index++) {
      const source = drawSource!(step, index);
      if (!source) continue;
      const image = await cache.get(source.id);
      const view = source.viewOf(image);
      writeView(image, view, batch, index, dataset.descriptor);
      for (const [number, strong] of batch.strong.entries()) {
        const random = randomStream(seed, 'balance', 'mixing', 'strong', step, index, number);
        writeStrongView(batch, index, view, { colours: drawColours(random, streams.colours), normalisation }, strong);
      }
      source.limit(batch.labels.subarray(index * height * width, (index + 1) * height * width));
    }
    return batch;
  };

  return {
    async batch(step) {
      if (closed) throw new Error('the loader is closed');
      if (!Number.isSafeInteger(step) || step < 0)
        throw new RangeError(`a step must be an integer of at least 0; got ${step}`);
      const { batchLabelled, batchUnlabelled } = training;
      const { unlabelled, mix, strongViews } = streams;
      const labelled = await fill('labelled', batchLabelled, step);
      if (step < unlabelledFrom) return { labelled, unlabelled: null, unlabelledMix: null };
      const batches: StepBatches = {
        labelled,
        unlabelled: unlabelled ? await fill('unlabelled', batchUnlabelled, step, strongViews) : null,
        unlabelledMix: mix ? await fill('mix', batchUnlabelled, step, strongViews) : null,
      };
      if (!batches.unlabelled || !drawSource) return batches;
      const sources = await sourcesOf(step, strongViews);
      // Which classes are pasted by copy-paste depends on the networks.
      if (mixing.name === 'copy_paste') return { ...batches, pasteFrom: sources };
      paste(sources, batches.unlabelled, () => true);
      return batches;
    },
    async close() {
      closed = true;
      cache.clear();
    },
  };
}

function drawColours(random: Random, colours: Streams['colours']): ColourChange {
  return typeof colours === 'object' ? drawIntensity(random, colours.operations) : drawPhotometric(random, colours);
}
