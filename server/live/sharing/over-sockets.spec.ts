import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EvaluationsService } from '../../evaluations/evaluations.service.js';
import { AddedPointsReader } from '../../metrics/points/added-points.js';
import { LIMIT_MS } from '../../testing/joined.js';
import { type Listener, listen } from '../../testing/listener.js';
import { reportedRun } from '../../testing/reported-run.js';
import { confusionOf } from '../../testing/results-fixtures.js';
import { testServer, USER_TOKEN } from '../../testing/test-server.js';
import { CheckedSocket } from '../../websocket/checked-socket.js';
import { Feed } from './feed.js';

const server = testServer();
const current = reportedRun(server);
const POINTS = `subscription ($runId: ID!, $after: String, $names: [String!]) {
  runPoints(runId: $runId, after: $after, names: $names) { cursor reset histories { name steps } } }`;
const report = (step: number) => current.report({ step, points: [{ series: 'loss', steps: [step], values: [step] }] });
const stepsOf = (received: { runPoints: { histories: { steps: number[] }[] } }[]) =>
  received.flatMap(({ runPoints }) => runPoints.histories.flatMap(({ steps }) => steps));

describe('subscribers', () => {
  it('of the same share what is read and executed, wherever they began', async () => {
    const { runId } = current.attempt;
    const first = await listen(server, POINTS, { runId }, USER_TOKEN);
    await report(1);
    await first.until(() => stepsOf(first.received).length === 1);
    const { cursor } = first.received.at(-1).runPoints;
    const reads = vi.spyOn(AddedPointsReader.prototype, 'between');
    const renders = vi.spyOn(JSON, 'stringify');
    const others: Listener[] = [];
    for (let i = 0; i < 30; i++) {
      others.push(await listen(server, POINTS, { runId, after: i % 2 ? cursor : null }, USER_TOKEN));
    }
    const filtered = await listen(server, POINTS, { runId, names: ['lr'] }, USER_TOKEN);
    reads.mockClear();
    renders.mockClear();
    await report(2);
    for (const each of [first, ...others]) await each.until(() => stepsOf(each.received).at(-1) === 2);
    expect(stepsOf(first.received)).toEqual([1, 2]);
    for (const { received } of others) expect(stepsOf(received)).toEqual([2]);
    await vi.waitFor(() => expect(reads).toHaveBeenCalledTimes(2), { timeout: LIMIT_MS });
    const results = renders.mock.calls.filter(([value]) => value?.data?.runPoints?.histories.length > 0);
    expect(results).toHaveLength(1);
    expect(stepsOf(filtered.received)).toEqual([]);
    vi.restoreAllMocks();
    for (const each of [first, ...others, filtered]) await each.stop();
  });

  it('that continue from different cursors catch up for themselves, then join the others', async () => {
    const { runId } = current.attempt;
    const first = await listen(server, POINTS, { runId }, USER_TOKEN);
    for (let step = 1; step <= 5; step++) {
      await report(step);
      await first.until(() => stepsOf(first.received).at(-1) === step);
    }
    const cursors = first.received.map(({ runPoints }) => runPoints.cursor as string);
    expect(new Set(cursors).size).toBe(6);
    const others: Listener[] = [];
    for (const after of cursors) others.push(await listen(server, POINTS, { runId, after }, USER_TOKEN));
    await report(6);
    for (const [i, each] of others.entries()) {
      await each.until(() => stepsOf(each.received).at(-1) === 6);
      expect(stepsOf(each.received)).toEqual([1, 2, 3, 4, 5, 6].slice(i));
      expect(each.received.some(({ runPoints }) => runPoints.reset)).toBe(false);
    }
    for (const each of [first, ...others]) await each.stop();
  });

  it('have to read again if what they missed is no longer kept', async () => {
    const { runId } = current.attempt;
    const first = await listen(server, POINTS, { runId }, USER_TOKEN);
    await first.until(() => first.received.length === 1);
    const { cursor } = first.received[0].runPoints;
    for (const step of [1, 2, 3]) await report(step);
    await first.until(() => stepsOf(first.received).length === 3);
    await server.database.dataSource.query('DELETE FROM point_batches WHERE run_id = $1 AND number < 3', [runId]);
    const late = await listen(server, POINTS.replace('reset', 'reset skipped'), { runId, after: cursor }, USER_TOKEN);
    await late.until(() => late.received.length > 0);
    expect(late.received[0].runPoints).toMatchObject({ reset: true, skipped: 3, histories: [] });
    await report(4);
    await late.until(() => stepsOf(late.received).at(-1) === 4);
    expect(stepsOf(late.received)).toEqual([4]);
    await first.stop();
    await late.stop();
  });

  it.each([
    ['of another run', async () => cursorOf(await otherRun())],
    ['of another subscription', async () => cursorOf(current.attempt.runId, 'runLog')],
    ['that nobody gave them', async () => 'bm9uc2Vuc2U'],
  ])('cannot continue from a cursor %s', async (_, cursor) => {
    const iterator = server.subscribe(POINTS, { runId: current.attempt.runId, after: await cursor() }, USER_TOKEN);
    const { value } = await iterator.next();
    expect(value.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(value.errors[0].message).toContain('is not a cursor of runPoints with these arguments');
  });
  const otherRun = () => server.createRun();
  async function cursorOf(runId: string, field = 'runPoints'): Promise<string> {
    const query = `subscription ($runId: ID!) { message: ${field}(runId: $runId) { cursor } }`;
    const { received, until, stop } = await listen(server, query, { runId }, USER_TOKEN);
    await until(() => received.length === 1);
    await stop();
    return received[0].message.cursor;
  }

  it('of evaluations read nothing when a report has none', async () => {
    const { runId } = current.attempt;
    const query = 'subscription ($runId: ID!) { runEvaluations(runId: $runId) { evaluations { step } } }';
    const reads = vi.spyOn(EvaluationsService.prototype, 'changed');
    const { received, until, stop } = await listen(server, query, { runId }, USER_TOKEN);
    await report(1);
    await report(2);
    await current.report({
      evaluations: [{ step: 2, network: 'BRANCH1', subset: 'VAL', confusion: confusionOf(5, 1) }],
    });
    await until(() => received.at(-1).runEvaluations.evaluations.length === 1);
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
    await stop();
  });

  it('receive a study and its table whenever one of its runs changes, until it is deleted', async () => {
    const { createStudy } = await server.ask(
      'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id runs { edges { node { id } } } } }',
      {
        input: {
          name: 's',
          base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
          matrix: { methods: [{ name: 'cps' }] },
        },
      },
      USER_TOKEN,
    );
    const query = 'subscription ($id: ID!) { studyChanged(studyId: $id) { table { rows { runs { id state } } } } }';
    const { received, until, ended } = await listen(server, query, { id: createStudy.id }, USER_TOKEN);
    const [{ node: run }] = createStudy.runs.edges;
    const state = () => received.at(-1)?.studyChanged.table.rows[0]?.runs[0]?.state;
    await until(() => state() === 'QUEUED');
    await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: run.id }, USER_TOKEN);
    await until(() => state() === 'CANCELED');
    await server.ask('mutation ($id: ID!) { deleteStudy(id: $id) }', { id: createStudy.id }, USER_TOKEN);
    await ended;
  });

  it('that read slowly make the server keep one message, and miss nothing', async () => {
    const LINES = 50;
    const REPORTS = 24;
    const sent: { socket: CheckedSocket; bytes: number }[] = [];
    const send = vi.spyOn(CheckedSocket.prototype, 'send').mockImplementation(function (this: CheckedSocket, ...args) {
      sent.push({ socket: this, bytes: String(args[0]).length });
      return WebSocket.prototype.send.apply(this, args as Parameters<WebSocket['send']>);
    });
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const messages: string[] = [];
    socket.on('message', (data) => messages.push(String(data)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${USER_TOKEN}` } }));
    await vi.waitFor(() => expect(messages).toHaveLength(1), { timeout: LIMIT_MS });
    const query = 'subscription ($runId: ID!) { runLog(runId: $runId) { cursor lines { message } } }';
    const { runId } = current.attempt;
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { runId } } }));
    await vi.waitFor(() => expect(messages).toHaveLength(2), { timeout: LIMIT_MS });

    socket.pause();
    const at = new Date().toISOString();
    const line = (n: number) => ({ at, level: 'INFO', message: `${n} ${'x'.repeat(16_000)}` });
    for (let i = 0; i < REPORTS; i++) {
      await current.report({ log: Array.from({ length: LINES }, (_, n) => line(i * LINES + n)) });
    }
    // 19 MB were written, of which a message has 200 lines.
    expect(sent[0]!.socket.bufferedAmount).toBeLessThan(8 * 2 ** 20);
    socket.resume();
    const numbers = () =>
      messages
        .slice(1)
        .flatMap((message) => JSON.parse(message).payload.data.runLog.lines as { message: string }[])
        .map(({ message }) => Number(message.split(' ')[0]));
    await vi.waitFor(() => expect(messages.at(-1)).toContain(`"${REPORTS * LINES - 1} x`), { timeout: 3 * LIMIT_MS });
    expect(numbers()).toEqual(Array.from({ length: REPORTS * LINES }, (_, n) => n));
    expect(Math.max(...sent.map(({ bytes }) => bytes))).toBeLessThan(4 * 2 ** 20);
    send.mockRestore();
    socket.close();
  });

  it('hear nothing once their token is revoked, while others still do', async () => {
    const { createToken } = await server.ask('mutation { createToken(label: "x") { id token } }', {}, USER_TOKEN);
    const { runId } = current.attempt;
    const revoked = await listen(server, POINTS, { runId }, createToken.token);
    const staying = await listen(server, POINTS, { runId }, USER_TOKEN);
    await report(1);
    await revoked.until(() => stepsOf(revoked.received).length === 1);
    const ended = expect(revoked.ended).rejects.toBeTruthy();
    await server.ask('mutation ($id: ID!) { revokeToken(id: $id) { id } }', { id: createToken.id }, USER_TOKEN);
    await ended;
    await report(2);
    await staying.until(() => stepsOf(staying.received).length === 2);
    expect(stepsOf(revoked.received)).toEqual([1]);
    await staying.stop();
  });

  it('leave nothing behind when all of them have left', async () => {
    const closed = vi.spyOn(Feed.prototype as unknown as { close(): void }, 'close');
    const { runId } = current.attempt;
    const listeners: Listener[] = [];
    for (let i = 0; i < 3; i++) listeners.push(await listen(server, POINTS, { runId }, USER_TOKEN));
    for (const { stop } of listeners) await stop();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1), { timeout: LIMIT_MS });
    closed.mockRestore();
  });
});
