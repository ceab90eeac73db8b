import type { RunConfig } from '../../../schema/run-config.js';
import type { DataSource } from '../../tracking/messages.js';
import type { Batch, DatasetDescriptor, StepBatches } from '../dataset.js';
import type { LoaderOptions } from './loader.js';

/** What the loader's thread is started with. */
export interface LoaderStart {
  source: DataSource;
  /** What opening the dataset found, and checked. */
  descriptor: DatasetDescriptor;
  split: LoaderOptions['split'];
  streams: LoaderOptions['streams'];
  unlabelledFrom: number;
  config: RunConfig;
  cacheBytes: LoaderOptions['cacheBytes'];
}

/** What the loader's thread can be asked. */
export interface LoaderRequests {
  batch(step: number): StepBatches;
}

/** The memory of a step's batches, to be handed over instead of copied. */
export function buffersOf({ labelled, unlabelled, unlabelledMix }: StepBatches): ArrayBuffer[] {
  const ofBatch = ({ images, labels, strong }: Batch) => [images, labels, ...strong].map(({ buffer }) => buffer);
  return [labelled, unlabelled, unlabelledMix].flatMap((batch) => (batch ? ofBatch(batch) : [])) as ArrayBuffer[];
}
