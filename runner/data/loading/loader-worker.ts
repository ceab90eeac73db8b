import { parentPort, workerData } from 'node:worker_threads';
import { rescaled } from '../images/rescale.js';
import { openDataset } from '../open.js';
import { createLoader } from './loader.js';
import { buffersOf, type LoaderAnswer, type LoaderStart } from './loader-messages.js';

/** Decodes and augments in a thread of its own: answers each step that it is asked for. */
const { source, descriptor, cacheBytes, ...wanted } = workerData as LoaderStart;
const port = parentPort!;

try {
  const dataset = rescaled(await openDataset(source, { known: descriptor }), wanted.config.data.imageScale);
  const loader = createLoader({ dataset, ...wanted, ...(cacheBytes !== undefined && { cacheBytes }) });
  port.on('message', async (step: number) => {
    try {
      const batches = await loader.batch(step);
      answer({ step, ok: true, batches }, buffersOf(batches));
    } catch (error) {
      fail(step, error);
    }
  });
  answer({ step: null, ok: true, batches: null });
} catch (error) {
  fail(null, error);
}

function answer(message: LoaderAnswer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function fail(step: number | null, error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  answer({ step, ok: false, error: { name, message, stack } });
}
