import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agent, home, reportedSteps, server, steps, testAgents, until } from './testing/test-agent.js';

testAgents();

const alarms = () => server.reports.flatMap((report) => report.alarms ?? []);
const ends = () => server.reports.flatMap((report) => report.alarmEnds ?? []);

test('a training process that is stopped raises an alarm and is LOST, and the next run trains', async () => {
  server.queue.push({ steps: 9, hangAt: 4 }, { steps: 2 });
  const first = await agent({ stallSeconds: 0.2 }).run();
  expect(first).toMatchObject({
    outcome: 'LOST',
    message: expect.stringMatching(
      /was killed by SIGKILL \(it hung: it was silent for [\d.]+ s in a step after step 4\)/,
    ),
  });
  expect(reportedSteps()).toEqual([1, 2, 3]);
  expect(alarms()).toMatchObject([{ kind: 'STALLED', step: 4, network: null, classIndex: null }]);
  expect(ends()).toEqual([]);
  expect(await agent({ stallSeconds: 0.2 }).run()).toMatchObject({ outcome: 'SUCCEEDED' });
});

test('the alarm is over when the process continues', async () => {
  const pidFile = join(home, 'pid');
  server.queue.push({ steps: 9, hangAt: 4, pidFile });
  // The first step may take three times as long: there are 6 s to continue before the process would be killed.
  const running = agent({ stallSeconds: 2 }).run();
  await until(() => alarms().length > 0);
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGCONT');
  expect(await running).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(alarms()).toMatchObject([{ kind: 'STALLED', step: 4 }]);
  expect(ends()).toEqual([{ kind: 'STALLED', step: 4, network: null, classIndex: null }]);
  expect(reportedSteps()).toEqual(steps(9));
});

test('a server of version 2 gets no ends of alarms, no phases and no images of evaluations', async () => {
  server.protocolVersion = 2;
  const about = { step: 1, kind: 'DROP', network: 'BRANCH1', classIndex: null };
  const evaluation = { step: 1, network: 'BRANCH1', subset: 'VAL', confusion: [0, 0, 0, 0] };
  const messages = [
    { kind: 'alarm', record: { ...about, message: 'fell' } },
    { kind: 'alarmEnd', record: { ...about, step: 2 } },
    { kind: 'evaluation', record: { ...evaluation, images: { ids: ['a'], counts: [0] } } },
  ];
  server.queue.push({ messages, steps: 2 });
  expect(await agent().run()).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(alarms()).toHaveLength(1);
  expect(server.reports.filter((report) => 'alarmEnds' in report || 'phase' in report)).toEqual([]);
  expect(server.reports.flatMap((report) => report.evaluations ?? [])).toEqual([evaluation]);
});
