import type { Claimed, TestRunner, TestServer } from '../../../../server/testing/test-server.js';

/** Queues a run of high priority and lets the runner train it: it has a score, an alarm that is over, an active one and two log lines. */
export async function trainingRun(server: TestServer, runner: TestRunner): Promise<Claimed> {
  await server.createRun({ name: 'trains', priority: 9 });
  const attempt = (await runner.claim())!;
  const log = ['one', 'two'].map((message) => ({ at: '2026-11-24T01:02:03.456Z', level: 'INFO', message }));
  const confusion = [50, 50, 0, 0, 100, 0, 0, 0, 100];
  await runner.report(attempt, {
    sequence: 1,
    step: 300,
    phase: 'EVALUATING',
    log,
    setup: { engine: 'wasm', device: 'd', splitHash: 'h', labelledImages: 8, unlabelledImages: 56, parameters: 1234 },
    evaluations: [{ step: 300, subset: 'VAL', network: 'BRANCH1', confusion }],
    alarms: [
      { step: 200, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0, message: 'background' },
      { step: 300, kind: 'DROP', network: 'BRANCH1', message: 'mIoU has fallen from 0.9 to 0.7' },
    ],
    alarmEnds: [{ step: 250, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0 }],
  });
  return attempt;
}
