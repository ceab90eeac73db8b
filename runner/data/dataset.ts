import type { DataSource } from '../tracking/messages.js';
import type { Subset } from '../tracking/tracker.js';
import type { Normalisation } from './images/normalisation.js';
import type { Channels, Pixels } from './images/pixels.js';

export interface ClassInfo {
  name: string;
  /** Red, green, blue, 0 to 255. */
  color: [number, number, number];
}

/** Describes a dataset without its images. This is what a runner announces and the server stores. */
export interface DatasetDescriptor {
  name: string;
  /** Of its layout (formats/layouts.ts), or that of a built-in dataset (formats/shapes). */
  kind: string;
  classes: ClassInfo[];
  /** The label value of pixels without a class, which are ignored everywhere. */
  ignoreIndex: number;
  /** The channels of every image. */
  channels: Channels;
  normalisation: Normalisation;
  /** Number of images. */
  subsets: Record<Subset, number>;
  /** Number of additional training images that have no label. */
  unlabelledImages: number;
  /** SHA-256 (hex), see fingerprint.ts. Two machines have the same dataset if their fingerprints are equal. */
  fingerprint: string;
  /** What looks wrong with it, in one line each. */
  warnings: string[];
}

export interface LabelledImage {
  id: string;
  width: number;
  height: number;
  /** The channels of the dataset. */
  channels: Channels;
  /** Interleaved, height x width x channels. */
  pixels: Pixels;
  /** Class indices or the ignore index, height x width. */
  labels: Uint8Array;
}

/** Which picture the label, and the thermal image, of an image have the size of: the stored one, the one turned by its tag, or both. */
export type Fit = 'stored' | 'turned' | 'both';

/** An image whose file has an orientation tag. */
export interface TaggedImage {
  subset: Subset;
  id: string;
  /** EXIF orientation, 2 to 8. */
  orientation: number;
  fits: Fit;
}

export interface Dataset {
  readonly descriptor: DatasetDescriptor;
  /** Ids in a fixed order, the same on every machine. */
  ids(subset: Subset): readonly string[];
  /** Ids of training images that have no label. None of them is in `ids('TRAIN')`. */
  readonly unlabelledIds: readonly string[];
  /**
   * TRAIN also loads images without a label. All their pixels are ignored.
   * @param upright whether to turn pictures as their orientation tag says; by default, the stored pixels are loaded
   */
  load(subset: Subset, id: string, upright?: boolean): Promise<LabelledImage>;
  /** Of a training image with a label: the label's pixels of each class and, last, ignored ones. */
  classPixels(id: string): Promise<readonly number[]>;
  /** The images with an orientation tag. Empty if the dataset was opened by a known descriptor. */
  readonly tagged: readonly TaggedImage[];
  /** Frees the counts of `classPixels`, which only the setup of a run needs. Later, it decodes the label. */
  forgetCounts(): void;
}

/** A dataset and the source that it was opened from, so that another thread can open it too. */
export interface OpenDataset extends Dataset {
  readonly source: DataSource;
}

/** Images and labels of one training step, ready for a network. */
export interface Batch {
  count: number;
  height: number;
  width: number;
  channels: Channels;
  /** count x height x width x channels, normalised as the dataset specifies. Padding is 0. */
  images: Float32Array;
  /** count x height x width. Ignored pixels are always 255 here, whatever the dataset's ignore index is. */
  labels: Uint8Array;
  /** Strong views: the same images, pixel for pixel, with strongly changed colours. As many as the method requests. */
  strong: Float32Array[];
  /** count x height x width: 1 for padding, 0 inside the image. Only if the method asks for it. */
  padding?: Uint8Array;
  /** count x height x width: the label of a pixel that was pasted from a labelled image, else 255. Only if anything may be pasted. */
  pasted?: Uint8Array;
}

/** The input of a training step: labelled images and two streams of unlabelled ones. The second is only for mixing. */
export interface StepBatches {
  labelled: Batch;
  unlabelled: Batch | null;
  /** More unlabelled images, to mix into `unlabelled`; null if the method does not mix. Labels are for diagnostics. */
  unlabelledMix: Batch | null;
  /** Labelled images whose pixels are pasted into `unlabelled` before the step, 255 for pixels that are not; null for none. */
  pasteFrom?: Batch | null;
  /** For each image of `unlabelledMix`, the class around which a CutMix box is wanted. Only if `balance.mixing` draws them. */
  weakClasses?: number[];
}
