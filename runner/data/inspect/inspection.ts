import type { DATASET_PARTS } from '../../../schema/dataset-facts.js';
import type { ClassInfo } from '../dataset.js';
import type { ImageFacts } from '../formats/files/facts.js';
import type { ImageFiles } from '../formats/files/image-files.js';
import type { Channels } from '../images/pixels.js';
import type { ValueRange } from '../images/value-ranges.js';

/** A subset, or the training images that have no label. */
export type Part = (typeof DATASET_PARTS)[number];

export interface ImageName {
  part: Part;
  id: string;
}

export const nameOf = ({ part, id }: ImageName): ImageName => ({ part, id });

/** An image and what its check has found; null if it has a problem. */
export interface InspectedImage extends ImageName {
  files: ImageFiles;
  facts: ImageFacts | null;
}

/** What a dataset holds. It can be stored as JSON. Images with a problem are left out of all counts of pixels. */
export interface Inspection {
  name: string;
  kind: string;
  directory: string;
  /** Null if the dataset cannot be used. */
  fingerprint: string | null;
  /** Why it cannot be used: every problem. */
  problems: string[];
  /** What looks wrong. */
  warnings: string[];
  classes: ClassInfo[];
  channels: Channels;
  ignoreIndex: number;
  /** Those that have images. */
  parts: PartReport[];
  /** Groups of images whose files have the same bytes. */
  duplicates: Duplicate[];
  /** Images of val and test that look like one of another subset, without those with the same bytes. */
  nearDuplicates: NearDuplicate[];
  suspects: Suspects;
  /** Empty without training labels; null if training images have a problem, because their classes are not known. */
  splits: SplitReport[] | null;
  /** With `split.cover` and the seed 0: how many labels hold every class that any training label holds. Null without splits. */
  coveringLabels: number | null;
}

export interface PartReport {
  part: Part;
  images: number;
  /** Images with a problem. */
  bad: number;
  /** Widths and heights, the most frequent first. */
  sizes: { width: number; height: number; images: number }[];
  /** The channels in the image files, with transparency, ascending. */
  storedChannels: { channels: number; images: number }[];
  bits: { bits: number; images: number }[];
  /** Of each channel that is read, over all images. */
  ranges: ValueRange[];
  /** In the order of the classes; empty without labels. */
  classes: ClassReport[];
  ignoredPixels: number;
  /** Classes that no label of the part has; empty without labels. */
  missing: string[];
}

export interface ClassReport {
  name: string;
  pixels: number;
  /** Of all pixels that have a class, in [0, 1]; null if there are none. */
  share: number | null;
  /** Images that have a pixel of it. */
  images: number;
  /** Connected components, and their sizes in pixels; null if there are none. */
  components: { count: number; smallest: number; median: number; largest: number } | null;
}

export interface Duplicate {
  images: ImageName[];
  /** Whether they are in several subsets, which makes an evaluation too good. */
  acrossSubsets: boolean;
  /** Whether their labels differ. */
  labelsDiffer: boolean;
}

export interface NearDuplicate {
  image: ImageName;
  /** The most similar one. */
  of: ImageName;
  /** Bits in which their perceptual hashes differ. */
  distance: number;
}

/** Images that somebody should look at. */
export interface Suspects {
  /** Labels without a pixel of any class. */
  blank: ImageName[];
  /** Connected components of fewer pixels than `below`. */
  tiny: {
    below: number;
    components: number;
    labels: number;
    /** The labels that have most of them. */
    worst: (ImageName & { components: number })[];
  };
  /** Labels whose palette gives a value the colour of another class. */
  clashing: (ImageName & { value: number; className: string; looksLike: string })[];
  /** Images that their EXIF tag turns. */
  turned: (ImageName & { orientation: number })[];
}

/** A labelled split, as a run would draw it. */
export interface SplitReport {
  labelledRatio: number;
  seed: number;
  labelledImages: number;
  /** In the order of the classes. */
  classes: { name: string; images: number; pixels: number }[];
  missing: string[];
}
