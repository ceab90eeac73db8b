import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../processes/until.js';
import { TestStack } from './support/test-stack.js';
import { writeTinyDataset } from './support/tiny-dataset.js';

/** Real runners with copies of one home, as after a restored backup, a cloned disk or a move to another machine. */
const CONFIG = {
  dataset: 'tiny',
  split: { labelledRatio: 0.25 },
  method: { name: 'cps' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32], scales: [1] },
  training: { iterations: 100_000, batchLabelled: 2, batchUnlabelled: 2, checkpointEvery: 4, logEvery: 1 },
};

const stack = new TestStack({ LEASE_SECONDS: '6', HEARTBEAT_SECONDS: '1', SWEEP_SECONDS: '1', POLL_SECONDS: '2' });
const tiny = join(stack.folder, 'tiny');

beforeAll(async () => {
  await stack.startServer();
  await writeTinyDataset(tiny);
  await stack.registerRunner('original', '--data', tiny);
}, 240_000);
afterAll(() => stack.close());

const files = (runner: string): string[] =>
  readdirSync(join(stack.home(runner), 'attempts'), { recursive: true, encoding: 'utf8' }).sort();

test('of two copies of a home, one works; the other takes over when that one has stopped', async () => {
  const original = stack.startRunner('original');
  const id = await stack.queue(CONFIG);
  const training = (attempts: object[]) =>
    until(`the states ${JSON.stringify(attempts)}`, 120, async () => {
      const query = 'query ($id: ID!) { run(id: $id) { step attempts { state } } }';
      const { run } = await stack.send<{ run: { step: number; attempts: object[] } }>(query, { id });
      return run.step >= 5 && JSON.stringify(run.attempts) === JSON.stringify(attempts);
    });
  await training([{ state: 'ACTIVE' }]);
  // Files that come and go while they are copied.
  const filter = (path: string) => !/\/(lock|blobs|work)$/.test(path);
  cpSync(stack.home('original'), stack.home('copy'), { recursive: true, filter });
  const before = files('copy');
  expect(before.length).toBeGreaterThanOrEqual(3);

  const refused = stack.startRunner('copy');
  expect(await refused.ended()).toBe(2);
  expect(refused.output).toMatch(/in case it has just stopped, this runner waits for at most \d+ s\n/);
  expect(refused.output).toMatch(/error: the server refused: another copy of the home/);
  expect(files('copy')).toEqual(before);
  await training([{ state: 'ACTIVE' }]);

  await original.kill();
  const copy = stack.startRunner('copy');
  await copy.printed('is ready', 60);
  await training([{ state: 'LOST' }, { state: 'ACTIVE' }]);
  expect(await stack.startRunner('original').ended()).toBe(2);

  expect(await copy.stop()).toBe(0);
  const back = stack.startRunner('original');
  await back.printed('is ready', 60);
  expect(back.output).not.toContain('this runner waits');
  await training([{ state: 'LOST' }, { state: 'RELEASED' }, { state: 'ACTIVE' }]);
  expect(await back.stop()).toBe(0);
});
