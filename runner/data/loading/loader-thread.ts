import { compiledFile } from '../../compiled/compiled-file.js';
import { RequestThread } from '../../threads/request-thread.js';
import type { OpenDataset } from '../dataset.js';
import type { Loader, LoaderOptions } from './loader.js';
import type { LoaderRequests, LoaderStart } from './loader-messages.js';

export type LoaderThreadOptions = Pick<
  LoaderOptions,
  'split' | 'streams' | 'unlabelledFrom' | 'config' | 'cacheBytes'
> & {
  /** The thread opens it again from its source, and scales its images as the configuration says. */
  dataset: OpenDataset;
};

/**
 * A loader that works in its own thread, in parallel with training. It returns the same batches as `createLoader`, and
 * any number of steps may be requested ahead.
 *
 * @throws Error when the thread cannot open the dataset, or the split has no images for a requested stream.
 */
export async function openLoaderThread(options: LoaderThreadOptions): Promise<Loader> {
  const { dataset, streams, unlabelledFrom = 0, config, cacheBytes } = options;
  const { labelled, unlabelled } = options.split;
  const split = { labelled, unlabelled };
  const { source, descriptor } = dataset;
  const start: LoaderStart = { source, descriptor, split, streams, unlabelledFrom, config, cacheBytes };
  const script = compiledFile('./loader-worker.js', import.meta.url);
  const thread = new RequestThread<LoaderRequests, null>(script, start, { name: 'the loader' });
  const close = () => thread.stop(new Error('the loader is closed'));
  try {
    await thread.ready;
  } catch (error) {
    await close();
    throw error;
  }
  return { batch: (step) => thread.ask('batch', step), close };
}
