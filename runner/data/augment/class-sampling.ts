import type { SamplingConfig } from '../../../schema/sampling-config.js';
import type { Random } from '../../random/random.js';
import type { Dataset, LabelledImage } from '../dataset.js';
import { type AugmentationConfig, drawView, type View } from './augment.js';
import { pixelsInView } from './class-pixels.js';

/**
 * Rare class sampling (Hoyer et al., DAFormer, CVPR 2022, section 3.3): some of the labelled images of a batch are drawn for a
 * class. docs/balance.md says what differs from the authors' code.
 */

/** By labelled image: the pixels of each class and, last, ignored ones. */
export type ClassPixels = ReadonlyMap<string, readonly number[]>;

/** Counts the pixels of the images that keep their labels. Free as long as the dataset remembers the counts of its check. */
export async function countLabelled(dataset: Pick<Dataset, 'classPixels'>, ids: readonly string[]) {
  const pixels = new Map<string, readonly number[]>();
  for (const id of ids) pixels.set(id, await dataset.classPixels(id));
  return pixels;
}

/** The pixels of each class in all of these images, without ignored ones. */
export function totalPixels(images: ClassPixels): number[] {
  const totals: number[] = [];
  for (const pixels of images.values()) {
    for (let index = 0; index < pixels.length - 1; index++) totals[index] = (totals[index] ?? 0) + pixels[index]!;
  }
  return totals;
}

/**
 * The probability of drawing each class: P(c) = softmax((1 − f_c) / T), where f_c is its share of the pixels. A class without pixels has
 * probability 0.
 *
 * @param pixels by class
 */
export function classProbabilities(pixels: readonly number[], temperature: number): number[] {
  const total = pixels.reduce((sum, count) => sum + count, 0);
  const logits = pixels.map((count) => (count > 0 ? (1 - count / total) / temperature : Number.NEGATIVE_INFINITY));
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** An image that was drawn for a class. */
export interface Drawn {
  id: string;
  classIndex: number;
}

/** Returns a function that draws a class and then, with equal chances, an image that holds it. */
export function createClassSampler(images: ClassPixels, temperature: number): (random: Random) => Drawn {
  const probabilities = classProbabilities(totalPixels(images), temperature);
  // In the same order on every machine, as the ids of a shuffle.
  const sorted = [...images.keys()].sort();
  const holding = probabilities.map((_, index) => sorted.filter((id) => images.get(id)![index]! > 0));
  return (random) => {
    const classIndex = drawIndex(probabilities, random.uniform());
    const ids = holding[classIndex]!;
    return { id: ids[random.int(ids.length)]!, classIndex };
  };
}

/** @param at in [0, 1) */
function drawIndex(probabilities: readonly number[], at: number): number {
  let sum = 0;
  let last = 0;
  for (const [index, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    sum += probability;
    last = index;
    if (at < sum) return index;
  }
  // The probabilities may add up to a little less than 1.
  return last;
}

/**
 * Whether the image at a position of the labelled stream is drawn for a class, and if not, its position among those that are not.
 * The drawn ones are spread evenly, so that any number of consecutive images has its share of them, to within one.
 *
 * @param position 0 for the run's first labelled image
 */
export function placeOf(position: number, share: number): 'drawn' | number {
  const before = Math.floor(position * share);
  return Math.floor((position + 1) * share) > before ? 'drawn' : position - before;
}

/** Draws views until one has the minimum of pixels of the class. After the last attempt, returns the one with most of them. */
export function drawViewOf(
  random: Random,
  image: LabelledImage,
  classIndex: number,
  augmentation: AugmentationConfig,
  { minimumPixels, attempts }: SamplingConfig,
): View {
  const [height, width] = augmentation.crop;
  const needed = minimumPixels * height * width;
  let best = drawView(random, image, augmentation);
  let most = pixelsInView(image, best, { width, height }, classIndex);
  for (let attempt = 1; attempt < attempts && most < needed; attempt++) {
    const view = drawView(random, image, augmentation);
    const pixels = pixelsInView(image, view, { width, height }, classIndex);
    if (pixels > most) [best, most] = [view, pixels];
  }
  return best;
}
