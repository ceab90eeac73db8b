import { answerRequests } from '../../threads/request-thread.js';
import { asConfigured } from '../images/rescale.js';
import { openDataset } from '../open.js';
import { createLoader } from './loader.js';
import { buffersOf, type LoaderRequests, type LoaderStart } from './loader-messages.js';

/** A thread that decodes and augments images. It answers each request with the batches of a step. */
await answerRequests<LoaderStart, LoaderRequests, null>(async ({ source, descriptor, cacheBytes, ...wanted }) => {
  const dataset = asConfigured(await openDataset(source, { known: descriptor }), wanted.config.data);
  const loader = createLoader({ dataset, ...wanted, ...(cacheBytes !== undefined && { cacheBytes }) });
  return { ready: null, perform: { batch: (step) => loader.batch(step) }, transfer: { batch: buffersOf } };
});
