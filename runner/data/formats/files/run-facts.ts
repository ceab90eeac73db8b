import type { TaggedImage } from '../../dataset.js';
import type { ClassCounts } from '../../images/class-counts.js';
import type { ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';

/** What the setup of a run needs of the facts of all images. It can be stored as JSON. */
export interface RunFacts {
  /** Of each training image with a label, in order. */
  pixels: ClassCounts[];
  tagged: TaggedImage[];
}

/** @param facts of every image of the dataset */
export function runFactsOf(options: FilesDatasetOptions, facts: ReadonlyMap<ImageFiles, ImageFacts>): RunFacts {
  return {
    pixels: options.files.TRAIN.map((image) => facts.get(image)!.pixels!),
    tagged: taggedImages(options, facts),
  };
}

/** The images whose files have an orientation tag. */
export function taggedImages(
  { files, unlabelled }: FilesDatasetOptions,
  facts: ReadonlyMap<ImageFiles, ImageFacts>,
): TaggedImage[] {
  const parts = [...SUBSETS.map((subset) => [subset, files[subset]] as const), ['TRAIN', unlabelled] as const];
  return parts.flatMap(([subset, images]) =>
    images.flatMap((image) => {
      const { orientation, fits } = facts.get(image)!;
      return orientation === 1 ? [] : [{ subset, id: image.id, orientation, fits }];
    }),
  );
}
