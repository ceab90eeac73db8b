import type { DatasetKind } from '../../../tracking/messages.js';
import type { Subset } from '../../../tracking/tracker.js';
import type { ClassInfo, DatasetDescriptor } from '../../dataset.js';
import type { Normalisation } from '../../images/normalisation.js';
import type { Channels } from '../../images/pixels.js';
import type { ImageFiles } from './image-files.js';

/** Where a runner remembers which datasets have passed the check. Failures only cost time, so they are warnings. */
export interface CheckedDatasets {
  folder: string;
  /** Called with the file and the reason when it cannot be read or written. */
  warn(message: string): void;
}

/** Makes a complete check unnecessary when a dataset is opened. Each file is then checked only when it is read. */
export interface Opening {
  /** The descriptor from opening the dataset in another thread. */
  known?: DatasetDescriptor | null;
  /** Remembers which datasets have passed the check, until one of their files changes. Null remembers nothing. */
  checked?: CheckedDatasets | null;
}

/** A dataset of files, as found by the scan of its layout. */
export interface FilesDatasetOptions {
  name: string;
  kind: DatasetKind;
  directory: string;
  classes: readonly ClassInfo[];
  ignoreIndex: number;
  channels: Channels;
  /** Null: use `measuredNormalisation` over the training images. */
  normalisation: Normalisation | null;
  /** In the order in which the subset is visited. Ids are unique in a subset. */
  files: Readonly<Record<Subset, readonly ImageFiles[]>>;
  /** Training images without a label. Their ids are not used in TRAIN. */
  unlabelled: readonly ImageFiles[];
  /** Problems found by the scan. They are reported together with the problems inside the files. */
  problems: readonly string[];
}
