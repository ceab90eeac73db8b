import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  agent,
  attemptFolders,
  home,
  lines,
  reportedSteps,
  server,
  severalPolls,
  steps,
  testAgents,
  until,
} from './testing/test-agent.js';

testAgents();

test('a run is claimed, trained and reported in order; nothing stays on disk', async () => {
  const messages = ['setup', 'step'].map((phase) => ({ kind: 'progress', phase, step: 0 }));
  server.queue.push({ steps: 50, stepMs: 5, sampleBytes: 10, checkpointAt: 20, nanAt: 7, messages });
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
  expect(server.reports.flatMap(({ phase }) => phase ?? []).join()).toMatch(/^(PREPARING,)?TRAINING,UPLOADING$/);
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

test('a drain by the server: the run writes a checkpoint and is released, and no run is claimed until the drain ends', async () => {
  server.queue.push({ steps: 1e6, stepMs: 5 }, { steps: 1 });
  server.troubles.push('DRAIN');
  const one = agent({ once: false });
  const running = one.run();
  await until(() => server.finished.length > 0);
  expect(server.finished).toEqual([{ outcome: 'RELEASED', message: null }]);
  // A line of the log may follow it.
  expect(server.reports.some(({ checkpoint }) => checkpoint)).toBe(true);
  await severalPolls();
  expect(server.queue).toHaveLength(1);
  server.draining = false;
  await until(() => server.finished.length > 1);
  expect(server.finished.at(-1)).toMatchObject({ outcome: 'SUCCEEDED' });
  one.drain('test');
  await running;
});

test.each(['LEASE_LOST', 'forbidden'] as const)(
  '%s: the attempt is discarded without a report, and the next run is claimed',
  async (trouble) => {
    server.queue.push({ steps: 1e6, stepMs: 5 }, { steps: 2 });
    server.troubles.push('CONTINUE', trouble);
    const one = agent({ once: false });
    const running = one.run();
    await until(() => server.finished.length > 0);
    expect(server.finished).toEqual([{ outcome: 'SUCCEEDED', message: null }]);
    await until(() => attemptFolders().length === 0);
    one.drain('test');
    expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  },
);

test('an upload for an attempt that has ended discards the attempt without a report', async () => {
  server.uploads = 'forbidden';
  server.queue.push({ steps: 1e6, stepMs: 5, sampleBytes: 10 });
  expect(await agent().run()).toEqual({ outcome: 'LEASE_LOST', message: 'the attempt has ended' });
  expect(server.finished).toEqual([]);
  expect(attemptFolders()).toEqual([]);
});

test('the log says if the runner is older than its server', async () => {
  server.versionWarning = 'the runner is older than the server';
  await agent().run();
  expect(lines).toContain('warning: the runner is older than the server (docs/upgrading.md)');
});

test('a server that is too old for the runner is refused', async () => {
  server.protocolVersion = 1;
  await expect(agent().run()).rejects.toThrow(
    'is too old for this runner: it speaks version 1 of the runner protocol, and the runner needs at least 2; upgrade the server',
  );
  expect(server.operations).not.toContain('ClaimRun');
});

test("a machine whose clock is wrong dates its log by the server's", async () => {
  const HOUR_MS = 3_600_000;
  server.skewMs = HOUR_MS;
  server.queue.push({ steps: 1, stepMs: 0, sampleBytes: 10 });
  await agent().run();
  const times = server.reports.flatMap(({ log }) => (log ?? []).map(({ at }) => Date.parse(at as string)));
  expect(times.length).toBeGreaterThan(0);
  for (const time of times) expect(Math.abs(time - Date.now() - HOUR_MS)).toBeLessThan(HOUR_MS / 2);
});

test('slots above the limit of the server are mentioned in the log', async () => {
  server.slotLimit = 1;
  await agent({ adapters: ['a', 'b', 'c'] }).run();
  expect(lines).toContain(
    'the server gives this runner at most 1 runs at a time, so only 1 of its 3 slots are used; an administrator can raise ' +
      'the limit (setRunnerSlotLimit)',
  );
  lines.length = 0;
  await agent().run();
  expect(lines.join()).not.toContain('slots');
});
