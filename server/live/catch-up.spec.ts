import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LIMIT_MS } from '../testing/joined.js';
import { listen } from '../testing/listener.js';
import { reportedRun } from '../testing/reported-run.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);
const { dataSource } = server.database;
const EVENT_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'crosscheck events'`;

/** The cursor of the first message. */
async function cursorOf(query: string, variables: Record<string, unknown>): Promise<string> {
  const { received, until, stop } = await listen(server, query, variables, USER_TOKEN);
  await until(() => received.length === 1);
  await stop();
  return (Object.values(received[0]!)[0] as { cursor: string }).cursor;
}

it('missed matrices of many classes arrive in messages that fit the budget of an operation', async () => {
  const CLASSES = 150;
  const classes = Array.from({ length: CLASSES }, (_, i) => ({ name: `class ${i}`, color: '#102030' }));
  const runner = await server.registerRunner({
    ...{ name: 'ade', datasets: [{ ...datasetInput(), name: 'ade', fingerprint: 'a'.repeat(64), classes }] },
  });
  await server.createRun({}, { dataset: 'ade' });
  const attempt = (await runner.claim())!;
  const { runId } = attempt;
  const query = `subscription ($runId: ID!, $after: String) {
    runEvaluations(runId: $runId, after: $after) { cursor reset evaluations { step confusion classIous { iou } } } }`;
  const after = await cursorOf(query, { runId });
  const confusion = new Array<number>(CLASSES ** 2).fill(1);
  for (let step = 1; step <= 45; step += 3) {
    await runner.report(attempt, {
      ...{ sequence: (step + 2) / 3, step },
      evaluations: [0, 1, 2].map((i) => ({ step: step + i, network: 'BRANCH1', subset: 'VAL', confusion })),
    });
  }
  const { received, until, stop } = await listen(server, query, { runId, after }, USER_TOKEN);
  const messages = () => received.map(({ runEvaluations }) => runEvaluations);
  const steps = () => messages().flatMap(({ evaluations }) => evaluations.map(({ step }: { step: number }) => step));
  await until(() => steps().length === 45);
  expect(steps()).toEqual(Array.from({ length: 45 }, (_, i) => i + 1));
  expect(messages().some(({ reset }) => reset)).toBe(false);
  for (const { evaluations } of messages()) {
    expect(evaluations.length).toBeLessThanOrEqual(11);
    for (const each of evaluations) expect(each.confusion).toHaveLength(CLASSES ** 2);
  }
  await stop();
}, 60_000);

it('of samples and alarms, every message has whole reports', async () => {
  const { runId } = current.attempt;
  const query = `subscription ($runId: ID!, $after: String) {
    runAlarms(runId: $runId, after: $after) { cursor alarms { step } } }`;
  const after = await cursorOf(query, { runId });
  // More than a message has, in reports of 400.
  for (let first = 0; first < 1200; first += 400) {
    const alarms = Array.from({ length: 400 }, (_, i) => ({ kind: 'DATA', step: 1, message: `${first + i}` }));
    await current.report({ alarms });
  }
  const { received, until, stop } = await listen(server, query, { runId, after }, USER_TOKEN);
  const counts = () => received.map(({ runAlarms }) => runAlarms.alarms.length);
  await until(() => counts().reduce((sum, count) => sum + count, 0) === 1200);
  expect(counts()).toEqual([800, 400]);
  await stop();
});

it('alarms of all runs continue from a cursor, and none is missed or repeated', async () => {
  const query = `subscription ($studyId: ID, $after: String) {
    alarmsRaised(studyId: $studyId, after: $after) { cursor reset alarms { message run { id } } } }`;
  const alarm = (step: number) => ({ kind: 'DROP', network: 'BRANCH1', step, message: `fell at ${step}` });
  const first = await listen(server, query, {}, USER_TOKEN);
  await first.until(() => first.received.length === 1);
  expect(first.received[0].alarmsRaised).toMatchObject({ reset: true, alarms: [] });
  await current.report({ step: 1, alarms: [alarm(1)] });
  await first.until(() => first.received.length === 2);
  const { cursor, ...message } = first.received[1].alarmsRaised;
  const run = { id: current.attempt.runId };
  expect(message).toEqual({ reset: false, alarms: [{ message: 'fell at 1', run }] });
  await first.stop();
  // An alarm that is sent again is not raised again, and changes only its message.
  await current.report({ step: 2, alarms: [{ ...alarm(1), message: 'again' }, alarm(2)] });
  await current.report({ step: 3, alarms: [alarm(3)] });
  const second = await listen(server, query, { after: cursor }, USER_TOKEN);
  const texts = () =>
    second.received.flatMap(({ alarmsRaised }) => alarmsRaised.alarms.map((each: { message: string }) => each.message));
  await second.until(() => texts().length === 2);
  await current.report({ step: 4, alarms: [alarm(4)] });
  await second.until(() => texts().length === 3);
  expect(texts()).toEqual(['fell at 2', 'fell at 3', 'fell at 4']);
  await second.stop();
  const iterator = server.subscribe(query, { studyId: crypto.randomUUID(), after: cursor }, USER_TOKEN);
  const { errors } = (await iterator.next()).value;
  expect(errors[0].message).toContain('is not a cursor of alarmsRaised with these arguments');
});

it('a feed whose database has gone back is closed, and its client begins again', async () => {
  const { runId } = current.attempt;
  const query =
    'subscription ($runId: ID!, $after: String) { runPoints(runId: $runId, after: $after) { cursor reset } }';
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: string[] = [];
  socket.on('message', (data) => messages.push(String(data)));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${USER_TOKEN}` } }));
  await vi.waitFor(() => expect(messages).toHaveLength(1), { timeout: LIMIT_MS });
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { runId } } }));
  await vi.waitFor(() => expect(messages).toHaveLength(2), { timeout: LIMIT_MS });
  const point = (step: number) => ({ step, points: [{ series: 'loss', steps: [step], values: [step] }] });
  await current.report(point(1));
  await current.report(point(2));
  await vi.waitFor(() => expect(messages.length).toBeGreaterThan(2), { timeout: LIMIT_MS });
  const closed = once(socket, 'close');
  // As after a restore from a backup, which also breaks every connection.
  await dataSource.query('DELETE FROM point_batches WHERE run_id = $1', [runId]);
  await dataSource.query('UPDATE run_points SET batches = 0, rolled_up = 0, waiting = 0 WHERE run_id = $1', [runId]);
  await dataSource.query(EVENT_CONNECTIONS);
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1013, 'the database was restored: subscribe again']);
  const after = JSON.parse(messages.at(-1)!).payload.data.runPoints.cursor;
  const again = await listen(server, query, { runId, after }, USER_TOKEN);
  await again.until(() => again.received.length === 1);
  expect(again.received[0].runPoints.reset).toBe(true);
  await again.stop();
});
