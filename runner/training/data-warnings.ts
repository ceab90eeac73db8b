import type { SplitConfig } from '../../schema/split-config.js';
import { type ClassPixels, countLabelled } from '../data/augment/class-sampling.js';
import type { Dataset, TaggedImage } from '../data/dataset.js';
import type { Streams } from '../data/loading/loader.js';
import { orientationWarnings } from '../data/orientation.js';
import type { Split } from '../data/splits/splits.js';
import { listedClasses } from '../data/words.js';

/** The images with an orientation tag that a run uses, with or without their labels. */
export function taggedOf(
  { tagged }: Pick<Dataset, 'tagged'>,
  { labelled, unlabelled }: Split,
  streams: Pick<Streams, 'unlabelled' | 'mix'>,
): TaggedImage[] {
  const training = new Set([...labelled, ...(streams.unlabelled || streams.mix ? unlabelled : [])]);
  return tagged.filter(({ subset, id }) => subset !== 'TRAIN' || training.has(id));
}

/**
 * What looks wrong with the dataset, for a run: orientation tags are fine if the run applies them.
 *
 * @param used those of the tagged images that the run uses
 */
export function datasetWarnings(
  { descriptor, tagged }: Pick<Dataset, 'descriptor' | 'tagged'>,
  used: readonly TaggedImage[],
  applyOrientation: boolean,
): string[] {
  const general = orientationWarnings(tagged);
  const others = descriptor.warnings.filter((each) => !general.includes(each));
  return [...others, ...(applyOrientation ? [] : orientationWarnings(used))];
}

/**
 * What looks wrong with the labelled images of a split, in one line each. What is wrong with the whole dataset is in its
 * descriptor.
 *
 * @param images what the labels of the split hold
 * @throws Error if no pixel of these images has a class
 */
export async function splitWarnings(dataset: Dataset, images: ClassPixels, config: SplitConfig): Promise<string[]> {
  const { classes } = dataset.descriptor;
  const held = classesIn(addedUp(images, classes.length));
  if (held.size === 0) {
    const labelled = [...images.keys()];
    throw new Error(
      `no pixel of the ${labelled.length} labelled ${labelled.length === 1 ? 'image' : 'images'} has a class, so there is nothing ` +
        `to learn from (${labelled.slice(0, 5).join(', ')}); label other images`,
    );
  }
  if (held.size === classes.length) return [];
  const others = dataset.ids('TRAIN').filter((id) => !images.has(id));
  const elsewhere = classesIn(addedUp(await countLabelled(dataset, others), classes.length));
  const missing = [...elsewhere].filter((index) => !held.has(index)).sort((a, b) => a - b);
  if (missing.length === 0) return [];
  const names = missing.map((index) => classes[index]!.name);
  return [
    `no labelled image of this split holds ${listedClasses(names)}, which other training labels do, so no network can learn ` +
      `them; ${adviceFor(config)}`,
  ];
}

/** A list is not drawn, so it has no seed. */
function adviceFor(config: SplitConfig): string {
  return 'labelledList' in config
    ? 'add images that hold them to split.labelledList'
    : 'set split.cover to true, label more images, or choose another split.seed';
}

/** The labels of images, by class index. */
export interface LabelCounts {
  pixels: number[];
  /** Images that hold the class. */
  images: number[];
}

/** What these labels hold together. @param images as `countLabelled` returns them */
export function addedUp(images: ClassPixels, classCount: number): LabelCounts {
  const counts = Array.from({ length: classCount }, (_, index) => [...images.values()].map((pixels) => pixels[index]!));
  return {
    pixels: counts.map((ofClass) => ofClass.reduce((sum, pixels) => sum + pixels, 0)),
    images: counts.map((ofClass) => ofClass.filter((pixels) => pixels > 0).length),
  };
}

function classesIn({ images }: LabelCounts): Set<number> {
  return new Set([...images.keys()].filter((index) => images[index]! > 0));
}
