import { afterEach, expect, test, vi } from 'vitest';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import { agent, attemptFolders, lines, reportedSteps, server, testAgents } from './testing/test-agent.js';

testAgents();

afterEach(() => vi.useRealTimers());

const logged = (): string[] => server.reports.flatMap(({ log }) => log ?? []).map(({ message }) => message);

test.each([
  ['NUL', 'bad \0 list', 'bad \u{fffd} list'],
  ['half of a surrogate pair', 'bad \ud83d list', 'bad \u{fffd} list'],
  ['escape sequences', 'bad \u001b[31mlist\u001b[0m', 'bad list'],
])('a reason with %s arrives in the outcome and in the log', async (_, reason, sent) => {
  server.queue.push({ steps: 1, reason });
  expect(await agent().run()).toMatchObject({ outcome: 'FAILED' });
  expect(server.finished).toEqual([{ outcome: 'FAILED', message: sent }]);
  expect(logged()).toContain(sent);
});

test('a reason of 10 MB arrives, cut', async () => {
  server.queue.push({ steps: 1, repeatReason: 10_000_000 });
  await agent().run();
  const [{ outcome, message }] = server.finished as [{ outcome: string; message: string }];
  expect(outcome).toBe('FAILED');
  expect(message.length).toBeLessThanOrEqual(MOST_CHARACTERS.outcome);
  expect(message).toMatch(/^rrr.* more characters\)$/);
});

test.each([
  ['refuses', ['refused'] as const],
  ['fails at', Array.from({ length: 5 }, () => 'internal error' as const)],
])('the outcome arrives even if the server %s its message', async (_, troubles) => {
  server.queue.push({ steps: 2, reason: 'the loss is NaN' });
  server.finishTroubles.push(...troubles);
  await agent().run();
  const message = 'the server did not accept the reason; look for it in the log of the runner';
  expect(server.finished).toEqual([{ outcome: 'FAILED', message }]);
  expect(reportedSteps()).toEqual([1, 2]);
  expect(attemptFolders()).toEqual([]);
});

test('what a process printed before a native library killed it is in the log of the run', async () => {
  server.queue.push({ print: 'double free or corruption (out)', dieBy: 'SIGSEGV' });
  const end = await agent().run();
  expect(end).toMatchObject({ outcome: 'LOST', message: expect.stringContaining('killed by SIGSEGV') });
  expect(logged()).toContain('the output of the training process:\ndouble free or corruption (out)');
});

test('a runner continues when the server cannot store how one attempt ended', async () => {
  server.queue.push({ steps: 1 }, { steps: 1 });
  server.finishTroubles.push(...Array.from({ length: 4 }, () => 'internal error' as const));
  const working = agent({ once: false });
  const ended = working.run();
  await vi.waitFor(() => expect(server.finishTroubles.length).toBeLessThan(3), { timeout: 20_000, interval: 5 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
  await vi.waitFor(() => expect(lines.join('\n')).toContain('the server keeps failing'), { timeout: 20_000 });
  server.finishTroubles.length = 0;
  await vi.waitFor(() => expect(server.finished).toHaveLength(1), { timeout: 20_000, interval: 5 });
  // The first attempt's results stay for the next start.
  await vi.waitFor(() => expect(attemptFolders()).toHaveLength(1), { timeout: 20_000, interval: 5 });
  working.drain('the test is over');
  await ended;
});
