import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { compiledFile } from '../../compiled/compiled-file.js';
import { createExchange } from './exchange.js';

const MEETINGS = 500;
const VALUES = 512;

/** Shows maps of its branch and the meeting's number, one meeting right after the other, and reports how many it got wrong. */
const PARTNER = `
const { parentPort, workerData } = require('node:worker_threads');
const { exchange, branch, meetings, values, module } = workerData;
import(module).then(({ meet }) => {
  let wrong = 0;
  for (let meeting = 1; meeting <= meetings; meeting++) {
    const others = meet(exchange, branch, new Int32Array(values).fill(branch * 1e6 + meeting));
    if (others.some((value) => value !== (3 - branch) * 1e6 + meeting)) wrong += 1;
  }
  parentPort.postMessage(wrong);
});
`;

it('gives each branch what the other showed at the same meeting, however fast one of them is', async () => {
  const exchange = createExchange(VALUES);
  const module = pathToFileURL(compiledFile('./exchange.js', import.meta.url)).href;
  const reports = [1, 2].map((branch) => {
    const workerData = { exchange, branch, meetings: MEETINGS, values: VALUES, module };
    const worker = new Worker(PARTNER, { eval: true, workerData });
    return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  });
  expect(await Promise.all(reports)).toEqual([0, 0]);
});
