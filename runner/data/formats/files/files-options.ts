import type { DatasetKind } from '../../../tracking/messages.js';
import type { Subset } from '../../../tracking/tracker.js';
import type { ClassInfo, DatasetDescriptor } from '../../dataset.js';
import type { Normalisation } from '../../images/normalisation.js';
import type { Channels } from '../../images/pixels.js';
import type { ImageFiles } from './image-files.js';

/** Where it is remembered which datasets were found good. What goes wrong there costs time alone: it is a warning. */
export interface CheckedDatasets {
  folder: string;
  /** Told the file and the reason when it cannot be read or written. */
  warn(message: string): void;
}

/** What spares the check of a whole dataset when it is opened: each of its files is then checked only when it is read. */
export interface Opening {
  /** What opening it in another thread found. */
  known?: DatasetDescriptor | null;
  /** Remembers which datasets were found good, as long as none of their files changes; null remembers nothing. */
  checked?: CheckedDatasets | null;
}

/** A dataset of files, as the scan of its layout found it. */
export interface FilesDatasetOptions {
  name: string;
  kind: DatasetKind;
  directory: string;
  classes: readonly ClassInfo[];
  ignoreIndex: number;
  channels: Channels;
  /** null: `measuredNormalisation` over the training images. */
  normalisation: Normalisation | null;
  /** In the order in which the subset is visited; no id twice in a subset. */
  files: Readonly<Record<Subset, readonly ImageFiles[]>>;
  /** Training images without a label, none of whose ids is one of TRAIN's. */
  unlabelled: readonly ImageFiles[];
  /** What the scan found wrong; reported together with what is wrong inside the files. */
  problems: readonly string[];
}
