import type { RunConfig } from '../../../schema/run-config.js';
import type { DataSource } from '../../tracking/messages.js';
import type { Batch, DatasetDescriptor, StepBatches } from '../dataset.js';
import type { LoaderOptions } from './loader.js';

/** What the thread needs to open a loader. */
export interface LoaderStart {
  source: DataSource;
  /** The descriptor of the dataset, which has already been opened and checked. */
  descriptor: DatasetDescriptor;
  split: LoaderOptions['split'];
  streams: LoaderOptions['streams'];
  unlabelledFrom: number;
  config: RunConfig;
  classPixels: LoaderOptions['classPixels'];
  cacheBytes: LoaderOptions['cacheBytes'];
}

/** The requests that the loader's thread answers. */
export interface LoaderRequests {
  /** Opens a loader. The thread has one at a time. */
  open(start: LoaderStart): void;
  batch(step: number): StepBatches;
  /** Forgets the loader, with the images that it keeps. */
  close(): void;
}

/** The buffers of a step's batches, which are transferred instead of copied. */
export function buffersOf({ labelled, unlabelled, unlabelledMix, pasteFrom }: StepBatches): ArrayBuffer[] {
  const ofBatch = ({ images, labels, strong, padding, pasted }: Batch) =>
    [images, labels, ...strong, ...(padding ? [padding] : []), ...(pasted ? [pasted] : [])].map(({ buffer }) => buffer);
  return [labelled, unlabelled, unlabelledMix, pasteFrom].flatMap((batch) =>
    batch ? ofBatch(batch) : [],
  ) as ArrayBuffer[];
}
