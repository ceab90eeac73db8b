import type { DataSource, DatasetKind } from '../tracking/messages.js';
import type { Subset } from '../tracking/tracker.js';
import type { Normalisation } from './images/normalisation.js';
import type { Channels, Pixels } from './images/pixels.js';

export interface ClassInfo {
  name: string;
  /** Red, green, blue, 0 to 255. */
  color: [number, number, number];
}

/** What a dataset is, without its images: what a runner announces and the server stores. */
export interface DatasetDescriptor {
  name: string;
  kind: DatasetKind;
  classes: ClassInfo[];
  /** The label value that is no class and counts nowhere. */
  ignoreIndex: number;
  /** Of every image. */
  channels: Channels;
  normalisation: Normalisation;
  /** Number of images. */
  subsets: Record<Subset, number>;
  /** Number of training images beside them that have no label at all. */
  unlabelledImages: number;
  /** SHA-256 (hex), see fingerprint.ts: two machines hold the same dataset when it is equal. */
  fingerprint: string;
}

export interface LabelledImage {
  id: string;
  width: number;
  height: number;
  /** The dataset's. */
  channels: Channels;
  /** Interleaved, height x width x channels. */
  pixels: Pixels;
  /** Class indices or the ignore index, height x width. */
  labels: Uint8Array;
}

export interface Dataset {
  readonly descriptor: DatasetDescriptor;
  /** Ids in a fixed order, the same on every machine. */
  ids(subset: Subset): readonly string[];
  /** Ids of training images that have no label at all, none of them in `ids('TRAIN')`. */
  readonly unlabelledIds: readonly string[];
  /** Of TRAIN, images without a label too: every pixel of theirs is ignored. */
  load(subset: Subset, id: string): Promise<LabelledImage>;
}

/** A dataset with the place that it was opened from: another thread can open the same. */
export interface OpenDataset extends Dataset {
  readonly source: DataSource;
}

/** Images and labels of one training step, ready for a network. */
export interface Batch {
  count: number;
  height: number;
  width: number;
  channels: Channels;
  /** count x height x width x channels, normalised as the dataset says; padding is 0. */
  images: Float32Array;
  /** count x height x width; ignore is always 255 here, whatever the dataset calls it. */
  labels: Uint8Array;
  /** The same images, pixel for pixel, with colours changed strongly; as many as the method asks for, else none. */
  strong: Float32Array[];
}

/** A training step's input: labelled images, and unlabelled ones in two streams (the second one only for mixing). */
export interface StepBatches {
  labelled: Batch;
  unlabelled: Batch | null;
  /** Independently shuffled images to mix into `unlabelled`; null for methods that do not mix. Labels are for diagnostics only. */
  unlabelledMix: Batch | null;
}
