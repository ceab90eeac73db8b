import type { Subset } from '../../tracking/tracker.js';
import type { ClassInfo } from '../dataset.js';
import type { Normalisation } from '../images/normalisation.js';
import type { Channels } from '../images/pixels.js';
import type { ImageFacts } from './files/facts.js';
import type { ImageFiles } from './files/image-files.js';

/** What the scan of a folder has found. No image has been opened. */
export interface Scan {
  classes: readonly ClassInfo[];
  ignoreIndex: number;
  channels: Channels;
  /** Null: use `measuredNormalisation` over the training images. */
  normalisation: Normalisation | null;
  /** Whether images of one channel are thermal, also if they are read as RGB. */
  isThermal?: boolean;
  /** In the order in which the subset is visited. Ids are unique in a subset. */
  files: Readonly<Record<Subset, readonly ImageFiles[]>>;
  /** Training images without a label. Their ids are not used in TRAIN. */
  unlabelled: readonly ImageFiles[];
  /**
   * What the pixels of labels mean, for the fingerprint, if people can choose it for the same files and classes. Null otherwise.
   */
  coding: string | null;
  /** Finds what is, or looks, wrong with all images together, where only the layout can know. One line for each finding. */
  inspect?(facts: ReadonlyMap<ImageFiles, ImageFacts>): ScanReport;
}

/** Where a scan adds what it finds wrong. */
export interface ScanReport {
  /** The dataset cannot be used. Each has the file, what is wrong and what to do. */
  problems: string[];
  /** The dataset may not be what its owner means. */
  warnings: string[];
}

/** How people arrange the files of a dataset. docs/datasets.md says how to add one. */
export interface Layout {
  /** Its name in `--data KIND:DIR`. */
  readonly kind: string;
  /** What a folder of this kind contains, for messages. */
  readonly mark: string;
  /** Whether the folder has this layout. Looks at names only, or reads a small text file. */
  recognises(folder: string): boolean;
  /** @throws DatasetError if there is no point in looking further */
  scan(folder: string, report: ScanReport): Promise<Scan>;
}
