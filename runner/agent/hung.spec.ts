import { expect, test } from 'vitest';
import { agent, reportedSteps, server } from './testing/test-agent.js';

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
  const alarms = server.reports.flatMap((report) => report.alarms ?? []);
  expect(alarms).toMatchObject([{ kind: 'STALLED', step: 4, network: null, classIndex: null }]);
  expect(await agent({ stallSeconds: 0.2 }).run()).toMatchObject({ outcome: 'SUCCEEDED' });
});
