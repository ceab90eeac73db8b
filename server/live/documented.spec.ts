import { expect, it } from 'vitest';
import { documentedExamples } from '../testing/documented.js';
import { listen } from '../testing/listener.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);
const [points, history, table] = documentedExamples('live.md').map(({ document }) => document);

it('the documents of docs/live.md follow a run, even after a client was disconnected', async () => {
  const { runId } = current.attempt;
  const report = (step: number) =>
    current.report({ step, points: [{ series: 'loss', steps: [step], values: [step] }] });
  await report(1);
  const first = await listen(server, points!, { runId, after: null }, USER_TOKEN);
  await first.until(() => first.received.length === 1);
  expect(first.received[0].runPoints).toMatchObject({ reset: true, histories: [] });
  const { run } = await server.ask(history!, { runId }, USER_TOKEN);
  expect(run.metrics).toEqual([{ name: 'loss', steps: [1], values: [1] }]);
  await report(2);
  await first.until(() => first.received.length === 2);
  await first.stop();
  await report(3);
  const { cursor } = first.received[1].runPoints;
  const again = await listen(server, points!, { runId, after: cursor }, USER_TOKEN);
  await again.until(() => again.received.length === 1);
  expect(again.received[0].runPoints).toMatchObject({
    ...{ reset: false, cutAfter: null },
    histories: [{ name: 'loss', steps: [3], values: [3] }],
  });
  await again.stop();
});

it('the documents of docs/live.md follow the table of a study', async () => {
  const base = { dataset: 'shapes', split: { labelledRatio: 0.5 } };
  const input = { name: 's', base, matrix: { methods: [{ name: 'cps' }] } };
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input },
    USER_TOKEN,
  );
  const { received, until, stop } = await listen(server, table!, { studyId: createStudy.id }, USER_TOKEN);
  await until(() => received[0]?.studyChanged.table.rows[0].runs[0].state === 'QUEUED');
  await stop();
});
