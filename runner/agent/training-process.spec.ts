import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOTHING_ALLOWED } from '../files/allowed-sources.js';
import type { TrainingJob } from '../tracking/messages.js';
import { messageTracker, nullTracker, type RecordMessage, type Records } from '../tracking/tracker.js';
import { TrainingProcess } from './training-process.js';

const script = join(import.meta.dirname, 'testing/child.mjs');
let folder: string;
let heard: RecordMessage<Records>[];
let privately: string[];
/** Resolves with the first record. */
let untilHeard: Promise<void>;
let hear: (message: RecordMessage<Records>) => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-process-'));
  mkdirSync(join(folder, 'work'));
  heard = [];
  privately = [];
  untilHeard = new Promise((resolve) => {
    hear = (message) => {
      heard.push(message);
      resolve();
    };
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

function begin(config: object): TrainingProcess {
  const job: TrainingJob = {
    config,
    source: { name: 'shapes', kind: 'shapes', directory: null },
    fingerprint: 'a'.repeat(64),
    engine: 'wasm',
    engineOptions: { kernels: 'auto', adapter: null },
    workDirectory: join(folder, 'work'),
    checkedFolder: null,
    resumeFrom: null,
    allowed: NOTHING_ALLOWED,
  };
  return new TrainingProcess(
    script,
    job,
    join(folder, 'training.log'),
    messageTracker(hear, () => null),
    (message) => privately.push(message),
  );
}

test('every record arrives, in order, before the end', async () => {
  expect(await begin({ steps: 500 }).ended).toEqual({ said: { outcome: 'completed' } });
  expect(heard.map((message) => message.kind === 'points' && message.record.step)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
});

test('what is only for the owner of the machine is not reported', async () => {
  const messages = [{ kind: 'private', message: 'no file /weights/a' }];
  expect(await begin({ steps: 1, messages }).ended).toEqual({ said: { outcome: 'completed' } });
  expect(privately).toEqual(['no file /weights/a']);
  expect(heard.map(({ kind }) => kind)).toEqual(['points']);
});

test('a failure that training reports becomes its end', async () => {
  expect(await begin({ steps: 1, reason: 'loss is NaN' }).ended).toEqual({
    said: { outcome: 'failed', reason: 'loss is NaN' },
  });
});

test('bytes arrive as bytes', async () => {
  await begin({ steps: 1, sampleBytes: 3 }).ended;
  const sample = heard.find((message) => message.kind === 'sample');
  expect(sample?.record.png).toEqual(new Uint8Array([1, 1, 1]));
});

test('a stop request is obeyed', async () => {
  const training = begin({ steps: 1e9, stepMs: 1 });
  await untilHeard;
  training.stop('DRAIN', 60_000);
  expect(await training.ended).toEqual({ said: { outcome: 'drained' } });
  expect(heard.at(-1)).toMatchObject({ kind: 'checkpoint' });
});

test('a process that ignores a stop request is killed after the grace time', async () => {
  const training = begin({ deaf: true });
  await untilHeard;
  training.stop('CANCEL', 100);
  const end = await training.ended;
  expect(end).toMatchObject({ said: null });
  expect(end).toHaveProperty('how', expect.stringContaining('killed by SIGKILL (it did not stop within 0.1 s'));
});

test('a stop request after the end leaves no timer that would keep the agent alive', async () => {
  const training = begin({ steps: 1 });
  await training.ended;
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  training.stop('DRAIN', 60_000);
  expect(timers()).toBe(before);
});

test('a process killed from outside is reported with its signal', async () => {
  const training = begin({ deaf: true });
  await untilHeard;
  process.kill(training.pid!, 'SIGKILL');
  const how = expect.stringMatching(/^the training process was killed by SIGKILL \(.*memory/);
  expect(await training.ended).toEqual({ said: null, how });
});

test('a process that exits without a message is reported with its exit code and last output', async () => {
  expect(await begin({ print: 'out of memory', exitCode: 7 }).ended).toEqual({
    said: null,
    how: 'the training process exited with code 7 before it reported how training ended; its last output: out of memory',
  });
});

test('a missing script is reported', async () => {
  const source = { name: 'x', kind: 'shapes', directory: null } as const;
  const job = { config: {}, source, fingerprint: 'a'.repeat(64), engine: 'cpu' };
  const engineOptions = { kernels: 'auto', adapter: null } as const;
  const where = { workDirectory: folder, checkedFolder: null, resumeFrom: null, allowed: NOTHING_ALLOWED };
  const missing = new TrainingProcess(
    join(folder, 'none.js'),
    { ...job, engineOptions, ...where },
    join(folder, 'log'),
    nullTracker,
    () => {},
  );
  expect(await missing.ended).toHaveProperty('how', expect.stringContaining('Cannot find module'));
});
