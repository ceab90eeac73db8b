import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { attemptId } from './testing/scripted-server.js';
import {
  agent,
  attemptFolders,
  home,
  lines,
  reportedSteps,
  SHAPES,
  server,
  severalPolls,
  steps,
  testAgents,
  until,
} from './testing/test-agent.js';

testAgents();

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
  await expect(agent({ once: false }).run()).rejects.toThrow(reason);
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

test('a checkpoint that the runner may not read means that the lease is lost', async () => {
  Object.assign(server, { downloads: 'forbidden' });
  server.resumeFrom = { step: 4, sha256: 'a'.repeat(64), bytes: 10, url: '/blobs/a' };
  server.queue.push({ steps: 6 });
  expect(await agent().run()).toMatchObject({
    outcome: 'LEASE_LOST',
    message: expect.stringContaining('does not train'),
  });
  expect(server.finished).toEqual([]);
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
  const [first, ...others] = server.operations;
  expect(first).toBe('Heartbeat');
  const rest = others.filter((name) => name !== 'Heartbeat');
  expect(rest.slice(0, 3)).toEqual(['ReportAttempt', 'FinishAttempt', 'StartRunner']);
  expect(reportedSteps()).toEqual([1]);
  expect(attemptFolders()).toEqual([]);
});

test('a full spool drains training, and every report is delivered', async () => {
  server.queue.push({ steps: 1e6, stepMs: 10, sampleBytes: 10_000 });
  server.troubles.push(...Array.from({ length: 1000 }, () => 'unavailable' as const));
  const running = agent({ spoolMaxBytes: 50_000 }).run();
  await until(() => lines.join().includes('the spool is full'));
  server.troubles.length = 0;
  expect(await running).toMatchObject({ outcome: 'RELEASED' });
  expect(reportedSteps()).toEqual(steps(reportedSteps().length));
  expect(reportedSteps().length).toBeGreaterThanOrEqual(5);
});

test('a machine that loses several attempts in a row stops claiming for a while', async () => {
  const lost = { steps: 1, lost: 'the GPU device was lost' };
  server.queue.push(lost, lost, { steps: 1 });
  const working = agent({ once: false });
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
  const working = agent({ once: false, adapters: ['0', '1'] });
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
