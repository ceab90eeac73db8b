import { answerRequests } from '../../../threads/request-thread.js';
import { type CheckRequests, type CheckStart, checkHere } from './check-images.js';

/** A thread that checks images. */
await answerRequests<CheckStart, CheckRequests, null>(async (how) => ({
  ready: null,
  perform: { check: (images) => checkHere(images, how) },
}));
