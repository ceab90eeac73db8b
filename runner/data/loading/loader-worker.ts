import { answerRequests } from '../../threads/request-thread.js';
import { rescaled } from '../images/rescale.js';
import { openDataset } from '../open.js';
import { createLoader } from './loader.js';
import { buffersOf, type LoaderRequests, type LoaderStart } from './loader-messages.js';

/** Decodes and augments in a thread of its own: answers each step that it is asked for. */
await answerRequests<LoaderStart, LoaderRequests, null>(async ({ source, descriptor, cacheBytes, ...wanted }) => {
  const dataset = rescaled(await openDataset(source, { known: descriptor }), wanted.config.data.imageScale);
  const loader = createLoader({ dataset, ...wanted, ...(cacheBytes !== undefined && { cacheBytes }) });
  return { ready: null, perform: { batch: (step) => loader.batch(step) }, transfer: { batch: buffersOf } };
});
