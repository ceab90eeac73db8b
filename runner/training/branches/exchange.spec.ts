import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { compiledFile } from '../../compiled/compiled-file.js';
import { createExchange } from './exchange.js';

const MEETINGS = 500;
const VALUES = 512;

/** Shows maps with its branch and the number of the exchange, without pauses, and reports how many received maps were wrong. */
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

it('gives each branch what the other showed in the same exchange, even if one is faster', async () => {
  const exchange = createExchange(VALUES);
  const module = pathToFileURL(compiledFile('./exchange.js', import.meta.url)).href;
  const reports = [1, 2].map((branch) => {
    const workerData = { exchange, branch, meetings: MEETINGS, values: VALUES, module };
    const worker = new Worker(PARTNER, { eval: true, workerData });
    return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  });
  expect(await Promise.all(reports)).toEqual([0, 0]);
});
