import { answerRequests } from '../../threads/request-thread.js';
import { asConfigured } from '../images/rescale.js';
import { openDataset } from '../open.js';
import { createLoader, type Loader } from './loader.js';
import { buffersOf, type LoaderRequests } from './loader-messages.js';

let loader: Loader | null = null;

/** A thread that decodes and augments images. It answers each request with the batches of a step. */
await answerRequests<null, LoaderRequests, null>(async () => ({
  ready: null,
  perform: {
    open: async ({ source, descriptor, classPixels, cacheBytes, ...wanted }) => {
      const dataset = asConfigured(await openDataset(source, { known: descriptor }), wanted.config.data);
      const given = { ...(classPixels && { classPixels }), ...(cacheBytes !== undefined && { cacheBytes }) };
      loader = createLoader({ dataset, ...wanted, ...given });
    },
    batch: (step) => loader!.batch(step),
    close: () => {
      loader = null;
    },
  },
  transfer: { batch: buffersOf },
}));
