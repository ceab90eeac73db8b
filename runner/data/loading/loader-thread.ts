import { compiledFile } from '../../compiled/compiled-file.js';
import { RequestThread } from '../../threads/request-thread.js';
import type { OpenDataset } from '../dataset.js';
import type { Loader, LoaderOptions } from './loader.js';
import type { LoaderRequests, LoaderStart } from './loader-messages.js';

export type LoaderThreadOptions = Pick<
  LoaderOptions,
  'split' | 'streams' | 'unlabelledFrom' | 'config' | 'cacheBytes'
> & {
  /** Opened again in the thread, from its source, and shrunk there as the configuration says. */
  dataset: OpenDataset;
};

/**
 * A loader whose work runs in a thread of its own, beside the training: the same batches as `createLoader`'s, and any number
 * of steps may be asked for ahead.
 *
 * @throws Error when the dataset cannot be opened there, or a stream is asked for that the split has no images for.
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
