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

/** A request is a step's number. The thread answers once when it is ready (step null) and once a request. */
export type LoaderAnswer =
  | { step: number | null; ok: true; batches: StepBatches | null }
  | { step: number | null; ok: false; error: { name: string; message: string; stack?: string | undefined } };

/** The memory of a step's batches, to be handed over instead of copied. */
export function buffersOf({ labelled, unlabelled, unlabelledMix }: StepBatches): ArrayBuffer[] {
  const ofBatch = ({ images, labels, strong }: Batch) => [images, labels, ...strong].map(({ buffer }) => buffer);
  return [labelled, unlabelled, unlabelledMix].flatMap((batch) => (batch ? ofBatch(batch) : [])) as ArrayBuffer[];
}
