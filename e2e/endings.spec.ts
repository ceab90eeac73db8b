import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { TestStack } from './support/test-stack.js';
import { writeTinyDataset } from './support/tiny-dataset.js';

/** How runs end that cannot be trained, that hang, or that take too long: with real processes, and a reason. */
const CONFIG = {
  dataset: 'tiny',
  split: { labelledRatio: 0.25 },
  method: { name: 'cps' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32], scales: [1] },
  training: {
    iterations: 3,
    batchLabelled: 2,
    batchUnlabelled: 2,
    sampleImages: 0,
    logEvery: 1,
    checkpointEvery: 1000,
  },
};

interface Run {
  step: number;
  failure: string | null;
  attempts: { state: string; message: string | null }[];
  alarms: { kind: string }[];
  log: { message: string }[];
}

const FIELDS = 'step failure attempts { state message } alarms { kind } log(last: 500) { message }';
const stack = new TestStack({ POLL_SECONDS: '1' });
const tiny = join(stack.folder, 'tiny');
let runner: Program;

beforeAll(async () => {
  await stack.startServer();
  await writeTinyDataset(tiny);
  // Damaged.
  writeFileSync(join(tiny, 'list.txt'), '0\0\r\n1\r\n');
  // As some editors on Windows save it, with a NUL in every character.
  writeFileSync(join(tiny, 'utf16.txt'), Buffer.from('\ufeff0\r\n1\r\n', 'utf16le'));
  await stack.registerRunner('r', '--data', tiny);
  runner = stack.startRunner('r', '--stall-seconds', '3');
}, 240_000);
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(stack.output);
});
afterAll(() => stack.close());

test('a damaged split list fails the run at once, and the reason arrives; one in UTF-16 is read', async () => {
  const id = await stack.queue({ ...CONFIG, split: { labelledList: 'list.txt' } });
  const run = await stack.ended<Run>(id, FIELDS);
  expect(run).toMatchObject({ state: 'FAILED', attempts: [{ state: 'FAILED', message: run.failure }] });
  expect(run.failure).toContain('list.txt');
  expect(run.failure).not.toContain('\0');
  expect(runner.isRunning).toBe(true);
  const read = await stack.queue({ ...CONFIG, split: { labelledList: 'utf16.txt' } });
  expect(await stack.ended<Run>(read, FIELDS)).toMatchObject({ state: 'COMPLETED' });
});

test('a run stops at training.maxHours, and continues from its checkpoint with a larger limit', async () => {
  const id = await stack.queue({ ...CONFIG, training: { ...CONFIG.training, maxHours: 1e-9 } });
  const run = await stack.ended<Run>(id, FIELDS);
  expect(run).toMatchObject({ state: 'FAILED', failure: expect.stringContaining('(training.maxHours)') });
  await stack.send('mutation ($id: ID!) { retryRun(id: $id, maxHours: 9) { id } }', { id });
  const again = await stack.ended<Run>(id, FIELDS);
  expect(again).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'FAILED' }, { state: 'SUCCEEDED' }] });
  const messages = again.log.map(({ message }) => message);
  expect(messages).toContain(`resuming from the checkpoint at step ${run.step}`);
});

test('a training process that is stopped is noticed, killed, and its run is queued again', async () => {
  const id = await stack.queue({ ...CONFIG, training: { ...CONFIG.training, iterations: 2000 } });
  const look = async () =>
    (await stack.send<{ run: Run }>(`query ($id: ID!) { run(id: $id) { ${FIELDS} } }`, { id })).run;
  await until('a few steps', 60, async () => (await look()).step > 5);
  const pid = Number(execFileSync('pgrep', ['--parent', String(runner.pid)], { encoding: 'utf8' }).trim());
  process.kill(pid, 'SIGSTOP');
  await until('the alarm', 60, async () => (await look()).alarms.length > 0);
  const lost = await until('the end of the attempt', 120, async () => {
    const run = await look();
    return run.attempts[0]!.state !== 'ACTIVE' && run;
  });
  expect(lost.attempts[0]).toMatchObject({ state: 'LOST', message: expect.stringContaining('it hung: it was silent') });
  expect(lost.alarms).toEqual([{ kind: 'STALLED' }]);
  await stack.send('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id });
  expect(await stack.ended<Run>(id, FIELDS)).toMatchObject({ state: 'CANCELED', alarms: [{ kind: 'STALLED' }] });
});
