import { Worker } from 'node:worker_threads';
import { compiledFile } from '../../compiled/compiled-file.js';
import type { OpenDataset, StepBatches } from '../dataset.js';
import type { Loader, LoaderOptions } from './loader.js';
import type { LoaderAnswer, LoaderStart } from './loader-messages.js';

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
  const thread = new LoaderThread({ source, descriptor, split, streams, unlabelledFrom, config, cacheBytes });
  try {
    await thread.ready;
  } catch (error) {
    await thread.close();
    throw error;
  }
  return thread;
}

interface Waiting {
  resolve(batches: StepBatches | null): void;
  reject(error: Error): void;
}

class LoaderThread implements Loader {
  readonly ready: Promise<unknown>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number | null, Waiting>();
  private end: Error | null = null;

  constructor(start: LoaderStart) {
    this.worker = new Worker(compiledFile('./loader-worker.js', import.meta.url), { workerData: start });
    this.ready = this.answerTo(null);
    this.worker.on('message', (answer: LoaderAnswer) => this.settle(answer));
    // 'error' and 'exit' may both come; the first one settles what waits.
    this.worker.on('error', (cause) => this.lose(new Error(`the loader's thread failed: ${cause.message}`, { cause })));
    this.worker.on('exit', (code) => this.lose(new Error(`the loader's thread ended with exit code ${code}`)));
  }

  async batch(step: number): Promise<StepBatches> {
    if (this.end) throw this.end;
    if (this.waiting.has(step)) throw new Error(`the loader was asked for step ${step} again before it answered`);
    const batches = this.answerTo(step);
    this.worker.postMessage(step);
    return (await batches)!;
  }

  async close(): Promise<void> {
    this.lose(new Error('the loader is closed'));
    await this.worker.terminate();
  }

  private answerTo(step: number | null): Promise<StepBatches | null> {
    return new Promise((resolve, reject) => {
      this.waiting.set(step, { resolve, reject });
    });
  }

  private settle(answer: LoaderAnswer): void {
    const waiting = this.waiting.get(answer.step);
    this.waiting.delete(answer.step);
    if (answer.ok) waiting?.resolve(answer.batches);
    else waiting?.reject(Object.assign(new Error(answer.error.message), answer.error));
  }

  private lose(cause: Error): void {
    this.end ??= cause;
    for (const { reject } of this.waiting.values()) reject(this.end);
    this.waiting.clear();
  }
}
