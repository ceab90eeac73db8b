import type { MixingConfig } from '../../../schema/mixing-config.js';
import { type Random, randomStream } from '../../random/random.js';
import { type AugmentationConfig, drawView, type View } from '../augment/augment.js';
import { type ClassPixels, totalPixels } from '../augment/class-sampling.js';
import type { LabelledImage } from '../dataset.js';
import { rareRegion } from './rare-region.js';

/** A labelled image of which something is pasted into an unlabelled one. */
export interface Source {
  id: string;
  viewOf(image: LabelledImage): View;
  /** Keeps the labels of the pixels in a crop (height x width) that may be pasted; the others become 255. */
  limit(labels: Uint8Array): void;
}

export interface SourceOptions {
  mixing: MixingConfig;
  /** Ids of the images that keep their labels. */
  labelled: readonly string[];
  /** Needed for `class_aware`. */
  classPixels?: ClassPixels | undefined;
  augmentation: AugmentationConfig;
  seed: number;
}

/**
 * Returns a function that draws what is pasted into unlabelled image `index` of a step: null for nothing. Null if nothing is ever
 * pasted.
 * @throws Error if `class_aware` does not know which classes the images hold
 */
export function createSources(options: SourceOptions): ((step: number, index: number) => Source | null) | null {
  const { mixing, seed } = options;
  const sorted = { ...options, labelled: [...options.labelled].sort() };
  if (mixing.name === 'none' || mixing.name === 'confidence_bank') return null;
  const draw = mixing.name === 'copy_paste' ? anyImage(sorted, mixing.scales) : imageOfRareClass(sorted, mixing.region);
  return (step, index) => {
    const random = randomStream(seed, 'balance', 'mixing', step, index);
    return random.uniform() < mixing.probability ? draw(random) : null;
  };
}

/** AEL: any labelled image, scaled by much more than usual, as a whole. The step decides which of its classes are pasted. */
function anyImage({ labelled, augmentation }: SourceOptions, scales: { from: number; to: number }) {
  const scaled = { ...augmentation, scales, padding: 'mean' } as const;
  return (random: Random): Source => ({
    id: labelled[random.int(labelled.length)]!,
    viewOf: (image) => anywhere(random, drawView(random, image, scaled), augmentation.crop),
    limit: () => {},
  });
}

/** An image that is smaller than the crop is not centred, so that what is pasted may be anywhere. */
function anywhere(random: Random, view: View, [height, width]: AugmentationConfig['crop']): View {
  const offset = (size: number, crop: number, drawn: number) => (size < crop ? 0 - random.int(crop - size + 1) : drawn);
  return {
    ...view,
    left: offset(view.scaledWidth, width, view.left),
    top: offset(view.scaledHeight, height, view.top),
  };
}

/** The classes with at most an equal share of the labelled pixels. Each is drawn as often as the others. */
export function rareClasses(classPixels: ClassPixels): number[] {
  const totals = totalPixels(classPixels);
  const held = [...totals.keys()].filter((index) => totals[index]! > 0);
  const all = totals.reduce((sum, pixels) => sum + pixels, 0);
  return held.filter((index) => totals[index]! * held.length <= all);
}

/** A rare class, an image that holds it, and a crop in which one of its pixels is anywhere. */
function imageOfRareClass({ labelled, classPixels, augmentation }: SourceOptions, region: 'box' | 'mask') {
  if (!classPixels) throw new Error('balance.mixing "class_aware" needs the pixels of the labelled images');
  const rare = rareClasses(classPixels);
  const holding = new Map(rare.map((index) => [index, labelled.filter((id) => classPixels.get(id)![index]! > 0)]));
  const [height, width] = augmentation.crop;
  return (random: Random): Source | null => {
    const index = rare[random.int(rare.length)];
    if (index === undefined) return null;
    const ids = holding.get(index)!;
    return {
      id: ids[random.int(ids.length)]!,
      viewOf: (image) => showing(random, image, index, augmentation),
      limit: (labels) => rareRegion(labels, { width, height }, { index, region, random }),
    };
  };
}

/** A view in which a random pixel of the class is at a random place, as far as the borders of the image allow. */
function showing(random: Random, image: LabelledImage, index: number, augmentation: AugmentationConfig): View {
  const view = drawView(random, image, { ...augmentation, padding: 'mean' });
  const pixels: number[] = [];
  for (const [at, label] of image.labels.entries()) if (label === index) pixels.push(at);
  // The image was scaled down (data.imageScale), and the class was lost.
  if (pixels.length === 0) return view;
  const at = pixels[random.int(pixels.length)]!;
  const [height, width] = augmentation.crop;
  const place = (position: number, size: number, scaled: number, crop: number) => {
    const centre = Math.floor(((position + 0.5) * scaled) / size);
    const free = scaled - crop;
    if (free < 0) return 0 - random.int(1 - free);
    return Math.min(Math.max(centre - random.int(crop), 0), free);
  };
  return {
    ...view,
    left: place(at % image.width, image.width, view.scaledWidth, width),
    top: place(Math.floor(at / image.width), image.height, view.scaledHeight, height),
  };
}
