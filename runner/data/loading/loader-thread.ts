import { compiledFile } from '../../compiled/compiled-file.js';
import { RequestThread } from '../../threads/request-thread.js';
import type { OpenDataset } from '../dataset.js';
import type { Loader, LoaderOptions } from './loader.js';
import type { LoaderRequests, LoaderStart } from './loader-messages.js';

export type LoaderThreadOptions = Pick<
  LoaderOptions,
  'split' | 'streams' | 'unlabelledFrom' | 'config' | 'classPixels' | 'cacheBytes'
> & {
  /** The thread opens it again from its source, and scales its images as the configuration says. */
  dataset: OpenDataset;
};

type LoaderThread = RequestThread<LoaderRequests, null>;

/**
 * A thread whose loader was closed. The next run in this process, such as the next one of a check, saves the half second of
 * processor time that a thread takes to start.
 */
let spare: LoaderThread | null = null;

/**
 * A loader that works in its own thread, in parallel with training. It returns the same batches as `createLoader`, and
 * any number of steps may be requested ahead.
 *
 * @throws Error when the thread cannot open the dataset, or the split has no images for a requested stream.
 */
export async function openLoaderThread(options: LoaderThreadOptions): Promise<Loader> {
  const { dataset, streams, unlabelledFrom = 0, config, classPixels, cacheBytes } = options;
  const { labelled, unlabelled } = options.split;
  const split = { labelled, unlabelled };
  const { source, descriptor } = dataset;
  const start: LoaderStart = { source, descriptor, split, streams, unlabelledFrom, config, classPixels, cacheBytes };
  const thread = takeThread();
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    // Requests that nobody waits for any more would delay the next loader.
    if (thread.pending === 0 && !thread.hasEnded) await thread.ask('close');
    if (thread.pending > 0 || thread.hasEnded || spare) return thread.stop(closed());
    spare = thread;
    thread.unref();
  };
  try {
    await thread.ask('open', start);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    batch: (step) => (isClosed ? Promise.reject(closed()) : thread.ask('batch', step)),
    close,
  };
}

const closed = () => new Error('the loader is closed');

function takeThread(): LoaderThread {
  const script = compiledFile('./loader-worker.js', import.meta.url);
  const kept = spare;
  spare = null;
  if (!kept || kept.hasEnded) return new RequestThread(script, null, { name: 'the loader' });
  kept.ref();
  return kept;
}
