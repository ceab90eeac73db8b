import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attemptId } from './testing/scripted-server.js';
import {
  agent,
  attemptFolders,
  home,
  lines,
  reportedSteps,
  server,
  steps,
  testAgents,
  until,
} from './testing/test-agent.js';

testAgents();

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
/** The checkpoint of a step, as testing/child.mjs writes it. */
const checkpointOf = (step: number, bytes = 1) => hashOf(Buffer.alloc(bytes, step));
const named = () => server.reports.flatMap(({ checkpoint }) => checkpoint?.step ?? []);
/** Where in the order of reports a checkpoint is named, and until which step points were reported before. */
const pointsBefore = (step: number) => {
  const index = server.reports.findIndex(({ checkpoint }) => checkpoint?.step === step);
  return Math.max(
    ...server.reports.slice(0, index).flatMap(({ points }) => points?.flatMap((each) => each.steps) ?? []),
  );
};

/** Holds back pieces of all checkpoints, or of one, until it is called. */
function holdPieces(of: string | null = null): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.beforePiece = async (sha256) => {
    if (of === null || sha256 === of) await released;
  };
  return release;
}

test('metrics arrive while a checkpoint is on its way, which is named after the points that precede it', async () => {
  const goOn = join(home, 'go-on');
  server.queue.push({ steps: 30, checkpointAt: 5, waitAt: 30, waitFor: goOn });
  const release = holdPieces();
  const running = agent().run();
  await until(() => reportedSteps().includes(30));
  expect(named()).toEqual([]);
  release();
  await until(() => named().length > 0);
  expect(pointsBefore(5)).toBeGreaterThanOrEqual(4);
  writeFileSync(goOn, '');
  expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(named()).toEqual([5]);
  expect(attemptFolders()).toEqual([]);
});

test.each([
  ['SUCCEEDED', { steps: 3, checkpointAt: 3 }],
  ['FAILED', { steps: 3, checkpointAt: 3, reason: 'the loss is NaN' }],
])('a run that has ended does not wait for its last checkpoint: %s', async (outcome, config) => {
  server.queue.push(config, { steps: 2 });
  const release = holdPieces(checkpointOf(3));
  const one = agent({ once: false });
  const running = one.run();
  // The slot is free for the next run.
  await until(() => server.finished.length === 2);
  expect(server.finished[0]).toMatchObject({ outcome });
  expect(named()).toEqual([]);
  one.drain('the test is over');
  await until(() =>
    lines.join().includes('waiting for the last checkpoints of runs that have ended: 1 still being sent'),
  );
  release();
  await running;
  expect(named()).toEqual([3]);
  const late = server.reports.find(({ checkpoint }) => checkpoint)!;
  expect(Object.keys(late).sort()).toEqual(['attemptId', 'checkpoint', 'fence', 'sequence']);
  expect(attemptFolders()).toEqual([]);
});

test('a run returns to the queue when its checkpoint has arrived', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 });
  const release = holdPieces();
  const one = agent();
  const running = one.run();
  await until(() => server.reports.length > 0);
  one.drain('the test says so');
  await until(() => lines.join().includes('the run returns to the queue when its checkpoint is sent'));
  expect(server.finished).toEqual([]);
  release();
  expect(await running).toMatchObject({ outcome: 'RELEASED' });
  expect(named()).toHaveLength(1);
  expect(server.finished).toEqual([{ outcome: 'RELEASED', message: null }]);
});

test('a newer checkpoint takes the place of one that is waiting, but not of one that is being sent', async () => {
  const bytes = 400_000;
  const goOn = join(home, 'go-on');
  server.queue.push({ steps: 20, checkpointEvery: 4, checkpointBytes: bytes, waitAt: 17, waitFor: goOn });
  const first = checkpointOf(4, bytes);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let pieces = 0;
  server.beforePiece = async (sha256) => {
    if (sha256 === first && ++pieces === 2) await released;
  };
  const running = agent().run();
  await until(() => reportedSteps().includes(17));
  // The first one was begun, the ones of steps 8 and 12 have made room for that of step 16.
  const folder = join(home, 'attempts', attemptFolders()[0]!, 'blobs');
  await until(() => readdirSync(folder).length === 2);
  expect(readdirSync(folder).sort()).toEqual([first, checkpointOf(16, bytes)].sort());
  release();
  await until(() => named().length === 2);
  writeFileSync(goOn, '');
  await running;
  expect(named()).toEqual([4, 16, 20]);
});

test('when training has ended, an older checkpoint that is not nearly sent gives way to the last one', async () => {
  const bytes = 400_000;
  server.queue.push({ steps: 8, checkpointEvery: 4, checkpointBytes: bytes });
  const first = checkpointOf(4, bytes);
  let pieces = 0;
  server.beforePiece = async (sha256) => {
    if (sha256 === first && ++pieces === 2) await new Promise(() => {});
  };
  expect(await agent().run()).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(named()).toEqual([8]);
  expect(lines.join()).toContain('checkpoint of step 4: given up at 0.3 of 0.4 MB, for a newer one');
});

/** Leaves an attempt behind whose reports were delivered, and whose checkpoint was not. */
function leaveBehind(outcome: object | null): void {
  const folder = join(home, 'attempts', attemptId(900));
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  const bytes = Buffer.alloc(10, 7);
  writeFileSync(join(folder, 'attempt.json'), JSON.stringify({ attemptId: attemptId(900), fence: 900 }));
  writeFileSync(join(folder, 'reports.ndjson'), '{"acknowledged":5}\n');
  writeFileSync(join(folder, 'blobs', hashOf(bytes)), bytes);
  writeFileSync(join(folder, 'checkpoints.json'), JSON.stringify([{ step: 7, sha256: hashOf(bytes), bytes: 10 }]));
  if (outcome) writeFileSync(join(folder, 'outcome.json'), JSON.stringify(outcome));
  server.sequences.set(attemptId(900), 5);
}

test('an agent that restarts sends the checkpoint of a run that has ended beside its work', async () => {
  leaveBehind({ outcome: 'SUCCEEDED', message: null });
  const release = holdPieces();
  server.queue.push({ steps: 2 });
  const running = agent().run();
  await until(() => server.finished.length === 2);
  expect(named()).toEqual([]);
  release();
  await running;
  expect(server.reports.at(-1)).toMatchObject({ attemptId: attemptId(900), sequence: 6, checkpoint: { step: 7 } });
  expect(attemptFolders()).toEqual([]);
});

test('an agent that restarts sends the checkpoint of an interrupted run first, and keeps the lease until then', async () => {
  leaveBehind(null);
  const release = holdPieces();
  const running = agent().run();
  await until(() => server.operations.includes('Heartbeat'));
  expect(server.operations).not.toContain('StartRunner');
  release();
  await running;
  expect(server.reports.at(-1)).toMatchObject({ sequence: 6, checkpoint: { step: 7 } });
  expect(server.operations.indexOf('StartRunner')).toBeGreaterThan(server.operations.indexOf('ReportAttempt'));
  expect(attemptFolders()).toEqual([]);
});

test('what is left behind stays when the server refuses the runner itself', async () => {
  leaveBehind(null);
  const release = holdPieces();
  // The first heartbeat is that of the start, the next one keeps the lease.
  server.refusals.push(null, 60);
  await expect(agent().run()).rejects.toThrow('another copy is in use');
  expect(attemptFolders()).toEqual([attemptId(900)]);
  release();
});

test('a late checkpoint that the server no longer wants is discarded', async () => {
  server.queue.push({ steps: 3, checkpointAt: 3 });
  const release = holdPieces();
  const running = agent().run();
  await until(() => server.finished.length === 1);
  server.troubles.push('LEASE_LOST');
  release();
  expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(lines.join()).toContain('the last checkpoint was not stored: the attempt has ended on the server');
  expect(existsSync(join(home, 'attempts')) ? attemptFolders() : []).toEqual([]);
});

test('every step of a run arrives, whatever happens to its checkpoints', async () => {
  server.queue.push({ steps: 40, stepMs: 2, checkpointEvery: 3 });
  server.troubles.push('lost answer', 'unavailable', 'lost answer');
  expect(await agent().run()).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(reportedSteps()).toEqual(steps(40));
  expect(named().at(-1)).toBe(39);
});
