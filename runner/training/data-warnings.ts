import type { SplitConfig } from '../../schema/split-config.js';
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
 * @throws Error if no pixel of these images has a class
 */
export async function splitWarnings(dataset: Dataset, { labelled }: Split, config: SplitConfig): Promise<string[]> {
  const { classes } = dataset.descriptor;
  const held = classesIn(await labelCounts(dataset, labelled));
  if (held.size === 0) {
    throw new Error(
      `no pixel of the ${labelled.length} labelled ${labelled.length === 1 ? 'image' : 'images'} has a class, so there is nothing ` +
        `to learn from (${labelled.slice(0, 5).join(', ')}); label other images`,
    );
  }
  if (held.size === classes.length) return [];
  const elsewhere = classesIn(await labelCounts(dataset, dataset.ids('TRAIN')));
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

export async function labelCounts(dataset: Dataset, ids: readonly string[]): Promise<LabelCounts> {
  const zeros = () => dataset.descriptor.classes.map(() => 0);
  const counts: LabelCounts = { pixels: zeros(), images: zeros() };
  for (const id of ids) {
    const pixels = await dataset.classPixels(id);
    for (const index of counts.pixels.keys()) {
      counts.pixels[index]! += pixels[index]!;
      if (pixels[index]! > 0) counts.images[index]! += 1;
    }
  }
  return counts;
}

function classesIn({ images }: LabelCounts): Set<number> {
  return new Set([...images.keys()].filter((index) => images[index]! > 0));
}
