import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { RunConfig } from '../../../schema/run-config.js';
import type { Dataset, LabelledImage } from '../../data/dataset.js';
import { perceptualHash } from '../../data/images/perceptual-hash.js';
import { wholeBatch } from '../../data/loading/evaluation-images.js';
import type { Split } from '../../data/splits/splits.js';
import {
  type ImageReviewRecord,
  type LabelReviewRecord,
  logTo,
  type RecordSink,
  type Records,
} from '../../tracking/tracker.js';
import type { Branches } from '../branches/branches.js';
import { type Predictions, predict } from '../predictions.js';
import { chooseImages } from './choose-images.js';
import { measure } from './image-review.js';
import { doubtsOf } from './label-doubts.js';
import { mostPictured } from './pictured.js';
import { reportPictures } from './pictures.js';

/** An image of which the networks predict more numbers than this is left out: they would take gigabytes. */
const MOST_PROBABILITIES = 2 ** 26;

export interface ReviewOptions {
  config: RunConfig;
  branches: Branches;
  dataset: Dataset;
  split: Pick<Split, 'labelled' | 'unlabelled'>;
  /** The pixels of each class in the labelled images of the split. */
  labelledPixels: readonly number[];
  tracker: RecordSink<Pick<Records, 'imageReview' | 'labelReview' | 'reviewPicture' | 'log'>>;
  step: number;
  /** Called before each image; true ends the review. */
  stopped: () => boolean;
}

/**
 * Predicts training images again, and reports what the networks make of them: which of the unlabelled ones to label next, where
 * the labels of the labelled ones may be wrong, and pictures of those that rank first. `training.reviewImages` and the length of
 * the run limit how many (see `chooseImages`). An image that cannot be loaded, or is too large, is left out.
 * Nothing that goes wrong here can fail the run, which has been trained and evaluated: the run's log says what it was.
 * @returns false if it was stopped
 */
export async function reviewImages(options: ReviewOptions): Promise<boolean> {
  try {
    return await review(options);
  } catch (error) {
    logTo(options.tracker, 'WARN', `the training images could not be reviewed: ${(error as Error).message}`);
    return true;
  }
}

async function review(options: ReviewOptions): Promise<boolean> {
  const { dataset, tracker, step } = options;
  const started = performance.now();
  const reader = new Reader(options);
  const { labelled, unlabelled } = await chooseImages(options, async (id) => (await reader.load(id))?.pixelCount);
  if (labelled.length + unlabelled.length === 0) {
    reader.sayWhatIsMissing();
    return true;
  }
  const classes = dataset.descriptor.classes.length;
  const reviews: ImageReviewRecord[] = [];
  for await (const { image, predictions } of reader.predicted(unlabelled)) {
    const { id: imageId, width, height } = image;
    const review = { imageId, step, width, height, ...measure(predictions, classes), hash: perceptualHash(image) };
    tracker.report('imageReview', review);
    reviews.push(review);
  }
  const labels: LabelReviewRecord[] = [];
  for await (const { image, predictions, batch } of reader.predicted(labelled)) {
    const { id: imageId, width, height } = image;
    const doubts = doubtsOf(batch.labels, image, ensembleOf(predictions), classes);
    const review = { imageId, step, width, height, doubts };
    tracker.report('labelReview', review);
    labels.push(review);
  }
  const pictured = mostPictured(reviews, labels, options.labelledPixels);
  for await (const { image, predictions } of reader.predicted(pictured)) {
    await reportPictures(image, predictions, { ...options, isLabelled: labelled.includes(image.id) });
  }
  if (reader.isStopped) return false;
  const seconds = ((performance.now() - started) / 1000).toPrecision(3);
  logTo(tracker, 'INFO', `reviewed ${reviews.length} unlabelled and ${labels.length} labelled images in ${seconds} s`);
  reader.sayWhatIsMissing();
  return true;
}

/** What the networks say together, or the only one. */
export function ensembleOf(predictions: Predictions) {
  return predictions.get('ENSEMBLE') ?? predictions.get('BRANCH1')!;
}

/** Loads training images and predicts them, one at a time. */
class Reader {
  isStopped = false;
  /** By the id of an image that was left out: why. */
  private readonly missing = new Map<string, string>();

  constructor(private readonly options: ReviewOptions) {}

  /** Null for an image that is left out. */
  async load(id: string): Promise<(LabelledImage & { pixelCount: number }) | null> {
    if (this.missing.has(id)) return null;
    const { classes } = this.options.dataset.descriptor;
    try {
      const image = await this.options.dataset.load('TRAIN', id);
      const pixelCount = image.width * image.height;
      if (pixelCount * classes.length <= MOST_PROBABILITIES) return { ...image, pixelCount };
      this.missing.set(id, `${id} is too large (${image.width}x${image.height}); data.imageScale makes it smaller`);
    } catch (error) {
      // Training never loads an image that its method does not need, so this may be the first time.
      this.missing.set(id, (error as Error).message);
    }
    return null;
  }

  /** The images in order, each with what the networks predict for it. Ends early if the review is stopped. */
  async *predicted(ids: readonly string[]) {
    const { branches, dataset, stopped } = this.options;
    let next = ids.length > 0 ? this.load(ids[0]!) : null;
    for (const [i] of ids.entries()) {
      // Let messages arrive, such as a stop request.
      await eventLoopTurn();
      this.isStopped ||= stopped();
      if (this.isStopped) return;
      const image = await next;
      // Decode the next image while the networks predict this one. It never rejects.
      next = i + 1 < ids.length ? this.load(ids[i + 1]!) : null;
      if (!image) continue;
      const batch = wholeBatch(image, dataset.descriptor);
      const predictions = await predict(branches, batch, dataset.descriptor.classes.length);
      if (ensembleOf(predictions).probabilities.every(Number.isFinite)) yield { image, batch, predictions };
      else this.missing.set(image.id, `the networks predict no numbers for ${image.id}`);
    }
  }

  sayWhatIsMissing(): void {
    const [first] = this.missing.values();
    if (first === undefined) return;
    const count = this.missing.size === 1 ? 'an image' : `${this.missing.size} images`;
    logTo(this.options.tracker, 'WARN', `${count} could not be reviewed: ${first}`);
  }
}
