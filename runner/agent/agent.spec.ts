import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent } from './agent.js';
import { ServerClient } from './server-client.js';
import { attemptId, ScriptedServer } from './testing/scripted-server.js';

const trainScript = join(import.meta.dirname, 'testing/child.mjs');
const classes = ['background', 'disc'].map((name) => ({ name, color: '#102030' }));
const images = { trainImages: 2, unlabelledImages: 0, valImages: 1, testImages: 1 };
const SHAPES = { name: 'shapes', kind: 'shapes', classes, ignoreIndex: 255, ...images, fingerprint: 'a'.repeat(64) };
const server = new ScriptedServer();
let home: string;
let lines: string[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'crosscheck-agent-'));
  lines = [];
  Object.assign(server, { heartbeatDirective: 'CONTINUE', resumeFrom: null, uploads: 'open', slotLimit: 8 });
  for (const list of [server.reports, server.finished, server.operations, server.queue, server.troubles])
    list.length = 0;
  server.blobs.clear();
  server.sequences.clear();
  await server.listen();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
  rmSync(home, { recursive: true });
});

function agent(once = true, spoolMaxBytes?: number, adapters: (string | null)[] = [null]): Agent {
  const log = (line: string): void => void lines.push(line);
  return new Agent({
    home,
    info: {
      name: 'r',
      host: 'h',
      engine: 'wasm',
      device: 'cpu',
      version: '0',
      pool: 'default',
      slots: adapters.length,
      datasets: [SHAPES],
    },
    slots: adapters.map((adapter) => ({ kernels: 'auto', adapter })),
    sources: [{ name: 'shapes', kind: 'shapes', directory: null }],
    client: new ServerClient(server.url, 'token', log),
    trainScript,
    once,
    log,
    spoolMaxBytes,
  });
}

const steps = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const reportedSteps = (): number[] => server.points('loss').map(([step]) => step);
const attemptFolders = (): string[] => (existsSync(join(home, 'attempts')) ? readdirSync(join(home, 'attempts')) : []);

function until(condition: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(condition(), lines.join('\n')).toBe(true), { timeout: 20_000, interval: 5 });
}

/** Waits long enough for several polls for work. The agent polls as often as it sends heartbeats. */
function severalPolls(): Promise<void> {
  const heartbeats = () => server.operations.filter((name) => name === 'Heartbeat').length;
  const before = heartbeats();
  return until(() => heartbeats() >= before + 5);
}

test('a run is claimed, trained and reported in order; nothing stays on disk', async () => {
  server.queue.push({ steps: 50, stepMs: 5, sampleBytes: 10, checkpointAt: 20, nanAt: 7 });
  expect(await agent().run()).toEqual({ outcome: 'SUCCEEDED', message: null });
  expect(reportedSteps()).toEqual(steps(50));
  expect(server.points('loss')[6]).toEqual([7, 'NaN']);
  expect(server.reports.map((report) => report.sequence)).toEqual(steps(server.reports.length));
  expect(server.reports.flatMap((report) => report.samples ?? []).every(({ sha256 }) => server.blobs.has(sha256))).toBe(
    true,
  );
  const checkpoints = server.reports.flatMap((report) => report.checkpoint ?? []);
  expect(checkpoints).toMatchObject([{ step: 20, bytes: 1 }]);
  expect(server.blobs.get(checkpoints[0]!.sha256)).toEqual(Buffer.from([20]));
  expect(server.finished).toEqual([{ outcome: 'SUCCEEDED', message: null }]);
  expect(attemptFolders()).toEqual([]);
});

test('lost answers, a busy server and internal server errors lose no report', async () => {
  server.queue.push({ steps: 30, stepMs: 10 });
  server.troubles.push('lost answer', 'unavailable', 'internal error', 'lost answer');
  await agent().run();
  expect(reportedSteps()).toEqual(steps(30));
  expect(server.finished).toHaveLength(1);
});

test('training continues while the server is unavailable, and all of it arrives later', async () => {
  const away = join(home, 'the-server-is-away');
  server.queue.push({ steps: 60, waitAt: 10, waitFor: away });
  const running = agent().run();
  await until(() => server.reports.length > 0);
  await server.close();
  writeFileSync(away, '');
  await until(() => existsSync(join(home, 'attempts', attemptFolders()[0]!, 'outcome.json')));
  expect(server.finished).toEqual([]);
  await server.listen();
  expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(reportedSteps()).toEqual(steps(60));
  expect(lines.join()).toContain('the server is unavailable');
  expect(lines).toContain('the server is back');
});

/** Lets eleven minutes pass between two failing tries of a report. */
async function elevenMinutesLater(): Promise<void> {
  const before = server.troubles.length;
  // When the second try arrives, the agent has already seen the first one fail.
  await until(() => server.troubles.length <= before - 2);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
}

test('a run survives a database that is unavailable for more than ten minutes', async () => {
  server.queue.push({ steps: 100, stepMs: 10 });
  server.troubles.push(...Array.from({ length: 4 }, () => 'database away' as const));
  const running = agent().run();
  await elevenMinutesLater();
  expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(reportedSteps()).toEqual(steps(100));
  expect(lines.join()).toContain('the server is unavailable (HTTP 503)');
  expect(attemptFolders()).toEqual([]);
});

test('a run survives a server that has too many of its requests', async () => {
  server.queue.push({ steps: 20, stepMs: 5 });
  server.troubles.push(...Array.from({ length: 3 }, () => 'too many requests' as const));
  expect(await agent().run()).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(reportedSteps()).toEqual(steps(20));
  expect(lines.join()).toContain('the server is unavailable (HTTP 429)');
});

test('when the server fails for more than ten minutes, undelivered reports stay for the next start', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 });
  server.troubles.push(...Array.from({ length: 20 }, () => 'internal error' as const));
  const running = agent().run();
  await elevenMinutesLater();
  expect(await running).toMatchObject({ outcome: 'LOST', message: expect.stringContaining('cannot report') });
  expect(server.reports).toEqual([]);
  const [folder] = attemptFolders();
  const waiting = readFileSync(join(home, 'attempts', folder!, 'reports.ndjson'), 'utf8')
    .trim()
    .split('\n');
  server.troubles.length = 0;
  await agent().run();
  expect(server.reports.map(({ sequence }) => sequence)).toEqual(steps(waiting.length));
  expect(attemptFolders()).toEqual([]);
});

test('a cancel in a heartbeat stops training and delivers the remaining reports', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 });
  const running = agent().run();
  await until(() => server.reports.length > 0);
  server.heartbeatDirective = 'CANCEL';
  expect(await running).toEqual({ outcome: 'CANCELED', message: null });
  expect(server.finished).toEqual([{ outcome: 'CANCELED', message: null }]);
});

test('a drain by the server: the run writes a checkpoint and is released, and no more runs are claimed', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 }, { steps: 1 });
  server.troubles.push('DRAIN');
  const one = agent(false);
  const running = one.run();
  await until(() => server.finished.length > 0);
  expect(server.finished).toEqual([{ outcome: 'RELEASED', message: null }]);
  expect(server.reports.at(-1)?.checkpoint).toBeTruthy();
  await severalPolls();
  expect(server.queue).toHaveLength(1);
  one.drain('test');
  await running;
});

test.each(['LEASE_LOST', 'forbidden'] as const)(
  '%s: the attempt is discarded without a report, and the next run is claimed',
  async (trouble) => {
    server.queue.push({ steps: 1e6, stepMs: 5 }, { steps: 2 });
    server.troubles.push('CONTINUE', trouble);
    const one = agent(false);
    const running = one.run();
    await until(() => server.finished.length > 0);
    expect(server.finished).toEqual([{ outcome: 'SUCCEEDED', message: null }]);
    await until(() => attemptFolders().length === 0);
    one.drain('test');
    expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  },
);

test('blobs go to an older server in one PUT', async () => {
  server.uploads = 'none';
  server.queue.push({ steps: 5, stepMs: 5, sampleBytes: 10, checkpointAt: 2 });
  expect(await agent().run()).toEqual({ outcome: 'SUCCEEDED', message: null });
  const [checkpoint] = server.reports.flatMap((report) => report.checkpoint ?? []);
  expect(server.blobs.get(checkpoint!.sha256)).toEqual(Buffer.from([2]));
});

test('an upload for an attempt that has ended discards the attempt without a report', async () => {
  server.uploads = 'forbidden';
  server.queue.push({ steps: 1e6, stepMs: 5, sampleBytes: 10 });
  expect(await agent().run()).toEqual({ outcome: 'LEASE_LOST', message: 'the attempt has ended' });
  expect(server.finished).toEqual([]);
  expect(attemptFolders()).toEqual([]);
});

test('slots above the limit of the server are mentioned in the log', async () => {
  server.slotLimit = 1;
  await agent(true, undefined, ['a', 'b', 'c']).run();
  expect(lines).toContain(
    'the server gives this runner at most 1 runs at a time, so only 1 of its 3 slots are used; an administrator can raise ' +
      'the limit (setRunnerSlotLimit)',
  );
  lines.length = 0;
  await agent().run();
  expect(lines.join()).not.toContain('slots');
});

test('a report that the server refuses fails the run with the message of the server', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 });
  server.troubles.push('refused');
  const message = 'the server refused a report: scripted: refused';
  expect(await agent().run()).toEqual({ outcome: 'FAILED', message });
  expect(server.finished).toEqual([{ outcome: 'FAILED', message }]);
});

test('a process that dies is the machine’s fault; a failure that it reports is the run’s', async () => {
  server.queue.push({ print: 'Segmentation fault', exitCode: 3 }, { steps: 1, reason: 'the loss is NaN' });
  const lost = await agent().run();
  expect(lost).toMatchObject({ outcome: 'LOST', message: expect.stringContaining('code 3') });
  expect(server.reports.flatMap(({ log }) => log ?? []).at(-1)).toMatchObject({
    level: 'ERROR',
    message: lost?.message,
  });
  expect(await agent().run()).toEqual({ outcome: 'FAILED', message: 'the loss is NaN' });
});

test('when the announced dataset has gone, the run returns to the queue and the runner stops', async () => {
  server.queue.push({ steps: 1, refuseDataset: true }, { steps: 1 });
  const reason = `no dataset ${SHAPES.fingerprint}`;
  await expect(agent(false).run()).rejects.toThrow(reason);
  expect(server.finished).toEqual([{ outcome: 'RELEASED', message: reason }]);
  expect(server.queue).toHaveLength(1);
});

test('a failure that training blames on the machine is reported as LOST', async () => {
  server.queue.push({ steps: 1, lost: 'the GPU device was lost' });
  expect(await agent().run()).toEqual({ outcome: 'LOST', message: 'the GPU device was lost' });
  expect(server.finished).toEqual([{ outcome: 'LOST', message: 'the GPU device was lost' }]);
});

test('a run resumes from a checkpoint that was downloaded and verified', async () => {
  const checkpoint = Buffer.from('checkpoint');
  const sha256 = createHash('sha256').update(checkpoint).digest('hex');
  server.blobs.set(sha256, checkpoint);
  server.resumeFrom = { step: 4, sha256, bytes: checkpoint.length, url: `/blobs/${sha256}` };
  server.queue.push({ steps: 6 }, { steps: 6 });
  await agent().run();
  expect(reportedSteps()).toEqual([5, 6]);
  server.blobs.set(sha256, Buffer.from('damaged'));
  const damaged = await agent().run();
  expect(damaged).toMatchObject({ outcome: 'LOST', message: expect.stringContaining('is damaged') });
});

test('the remaining reports of a killed agent are delivered before the runner announces its start', async () => {
  const folder = join(home, 'attempts', attemptId(9));
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  writeFileSync(join(folder, 'attempt.json'), JSON.stringify({ attemptId: attemptId(9), fence: 9 }));
  const report = { step: 1, points: [{ series: 'loss', steps: [1], values: [1] }] };
  writeFileSync(join(folder, 'reports.ndjson'), `${JSON.stringify({ sequence: 1, content: report })}\n`);
  writeFileSync(join(folder, 'outcome.json'), '{"outcome":"SUCCEEDED","message":null}');
  Object.assign(server, { sequence: 0 });
  expect(await agent().run()).toBeNull();
  expect(server.operations.slice(0, 3)).toEqual(['ReportAttempt', 'FinishAttempt', 'StartRunner']);
  expect(reportedSteps()).toEqual([1]);
  expect(attemptFolders()).toEqual([]);
});

test('a full spool drains training, and every report is delivered', async () => {
  server.queue.push({ steps: 1e6, stepMs: 10, sampleBytes: 10_000 });
  server.troubles.push(...Array.from({ length: 1000 }, () => 'unavailable' as const));
  const running = agent(true, 50_000).run();
  await until(() => lines.join().includes('the spool is full'));
  server.troubles.length = 0;
  expect(await running).toMatchObject({ outcome: 'RELEASED' });
  expect(reportedSteps()).toEqual(steps(reportedSteps().length));
  expect(reportedSteps().length).toBeGreaterThanOrEqual(5);
});

test('a machine that loses several attempts in a row stops claiming for a while', async () => {
  const lost = { steps: 1, lost: 'the GPU device was lost' };
  server.queue.push(lost, lost, { steps: 1 });
  const working = agent(false);
  const ended = working.run();
  await until(() => lines.some((line) => line.includes('claiming no runs for 30 s')));
  // A single loss may be bad luck: the second run was claimed immediately, the third is not.
  expect(server.finished).toHaveLength(2);
  await severalPolls();
  expect(server.queue).toHaveLength(1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  await until(() => server.finished.length === 3);
  working.drain('the test is over');
  await ended;
  expect(server.finished.at(-1)).toEqual({ outcome: 'SUCCEEDED', message: null });
});

test('a runner with two GPUs trains two runs at a time, one on each, and the next one on whichever is free', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 }, { steps: 3 }, { steps: 3 });
  const working = agent(false, undefined, ['0', '1']);
  const ended = working.run();
  await until(() => server.finished.length === 2);
  working.drain('the test is over');
  await ended;
  const adapters = new Map<string, Set<unknown>>();
  for (const { attemptId, points } of server.reports) {
    const of = adapters.get(attemptId) ?? new Set();
    for (const { series, values } of points ?? []) if (series === 'adapter') for (const value of values) of.add(value);
    adapters.set(attemptId, of);
  }
  expect([...adapters.values()].map((each) => [...each]).sort()).toEqual([[0], [1], [1]]);
});
