import type { DatasetDescriptor } from '../../dataset.js';
import type { Scan } from '../layout.js';
import type { CheckProgress } from './check-images.js';

/** Where a runner remembers which datasets have passed the check. Failures only cost time, so they are warnings. */
export interface CheckedDatasets {
  folder: string;
  /** Called with the file and the reason when it cannot be read or written. */
  warn(message: string): void;
}

/** How to open a dataset. */
export interface Opening {
  /**
   * The descriptor from opening the dataset in another thread. It makes a complete check unnecessary: each file is checked
   * when it is read.
   */
  known?: DatasetDescriptor | null;
  /** Remembers which datasets have passed the check, until one of their files changes. Null remembers nothing. */
  checked?: CheckedDatasets | null;
  /** Called while the files are checked. */
  progress?: CheckProgress;
}

/** A dataset of files, as found by the scan of its layout. */
export interface FilesDatasetOptions extends Scan {
  name: string;
  kind: string;
  directory: string;
  /** Problems found by the scan. They are reported together with the problems inside the files. */
  problems: readonly string[];
  /** What looks wrong in the layout. */
  warnings: readonly string[];
}
