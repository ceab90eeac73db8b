import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readEnv } from '../env.js';
import { Events } from '../events/events.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import type { Runner } from '../runners/runner.entity.js';
import { type Run, RunState } from '../runs/run.entity.js';
import { RunPhase } from '../runs/run-phase.js';
import { emptyTables } from '../testing/empty-tables.js';
import { queriesOf } from '../testing/queries.js';
import { insertAttempt, insertDataset, insertRun, insertRunner } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import type { Attempt } from './attempt.entity.js';
import type { AttemptReportInput, ReportAnswer } from './attempts.types.js';

const { dataSource, url } = testDatabase();
const logger = createLogger('silent');
const events = new Events({ databaseUrl: url, logger });
const { reports } = modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' }).services;

/** What a statement is for, as its comment says, or its first words. */
const named = (query: string) => /^\/\* (\w+) \*\//.exec(query)?.[1] ?? query.slice(0, 17);
const loss = (...steps: number[]) => [{ series: 'loss', steps, values: steps }];

describe('a report', () => {
  let runner: Runner;
  let run: Run;
  let attempt: Attempt;

  const send = (sequence: number, content: object = {}): Promise<ReportAnswer> =>
    reports.report(runner.id, { attemptId: attempt.id, fence: 1, sequence, ...content } as AttemptReportInput);
  const statementsOf = async (sequence: number, content: object = {}) =>
    (await queriesOf(() => send(sequence, content))).map(named);
  const change = (sql: string) => dataSource.query(sql);

  beforeAll(async () => {
    runner = await insertRunner(dataSource);
  });

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets');
    run = await insertRun(dataSource, await insertDataset(dataSource), { state: RunState.RUNNING });
    attempt = await insertAttempt(dataSource, run, runner);
  });

  it('of points is one statement, once its series are known', async () => {
    await send(1, { points: loss(1) });
    expect(await statementsOf(2, { points: loss(2) })).toEqual(['seriesOfAttempt', 'storeReport']);
    expect(await statementsOf(3, { step: 3, points: loss(3) })).toEqual(['storeReport']);
    expect(await statementsOf(4, { step: 4 })).toEqual(['storeReport']);
    expect(await statementsOf(5)).toEqual(['storeReport']);
  });

  it('of packed points is one statement too, and stores the same', async () => {
    const packed = {
      ...{ series: ['loss', 'lr'], counts: [2, 1], steps: Int32Array.of(3, 4, 4) },
      ...{ values: Float64Array.of(0.5, Number.NaN, -0), times: Float64Array.of(1000, 2000, 2000) },
    };
    await send(1, { points: [...loss(1), { series: 'lr', steps: [1], values: [2] }] });
    expect(await statementsOf(2, { packedPoints: packed })).toEqual(['seriesOfAttempt', 'storeReport']);
    const next = { ...packed, steps: Int32Array.of(5, 6, 6), times: null };
    expect(await statementsOf(3, { packedPoints: next })).toEqual(['storeReport']);
    const rows = await dataSource.query<{ name: string; step: number; value: number; ms: number }[]>(
      `SELECT name, step, value, (extract(epoch FROM time) * 1000)::float8 AS ms FROM points JOIN series ON series.id = series_id
       WHERE step > 1 ORDER BY name, step`,
    );
    expect(rows.map(({ name, step, value }) => [name, step, value])).toEqual([
      ...[3, 4, 5, 6].map((step, i) => ['loss', step, i % 2 ? Number.NaN : 0.5]),
      ...[4, 6].map((step) => ['lr', step, -0]),
    ]);
    expect(rows.filter(({ step }) => step < 5).map(({ ms }) => ms)).toEqual([1000, 2000, 2000]);
    const { ms } = rows.at(-1)!;
    expect(Math.abs(ms - Date.now())).toBeLessThan(60_000);
    await expect(send(4, { packedPoints: { ...next, steps: Int32Array.of(5, 6, 100_000) } })).rejects.toThrow(
      "packedPoints.step: must be between 0 and the run's 1000 iterations; got 100000",
    );
  });

  it('that changes the phase is one statement too', async () => {
    await send(1, { points: loss(1) });
    await send(2, { points: loss(2) });
    expect(await statementsOf(3, { phase: RunPhase.EVALUATING })).toEqual(['storeReport']);
    expect(await statementsOf(4, { points: loss(4) })).toEqual(['storeReport']);
    const [stored] = await dataSource.query('SELECT phase FROM runs');
    expect(stored).toEqual({ phase: 'EVALUATING' });
    expect(await statementsOf(5, { points: loss(5), phase: RunPhase.TRAINING })).toEqual(['storeReport']);
    expect(await dataSource.query('SELECT phase FROM runs')).toEqual([{ phase: 'TRAINING' }]);
  });

  it('of something else is stored in a transaction of few statements', async () => {
    await send(1, { points: loss(1) });
    const log = [{ at: new Date(), level: 'INFO', message: 'a line' }];
    expect(await statementsOf(2, { points: loss(2), log })).toEqual([
      ...['touchRunner', 'START TRANSACTION', 'SELECT "Attempt"."', 'storeReport'].map((name) => name.slice(0, 17)),
      ...['findSeries', 'appendPoints', 'insertLogLines', 'COMMIT'],
    ]);
  });

  it('of points stores the step, renews the lease and says that the runner is alive', async () => {
    await send(1, { points: loss(1) });
    await change(`UPDATE attempts SET lease_until = now() + interval '5 s', server_id = NULL`);
    await change(`UPDATE runners SET last_seen_at = now() - interval '30 s'`);
    expect(await send(2, { step: 2, points: loss(2) })).toEqual({ acknowledged: 2, directive: 'CONTINUE' });
    const [stored] = await dataSource.query(
      `SELECT sequence, server_id IS NOT NULL AS server, lease_until > now() + interval '59 s' AS lease, step,
         last_seen_at > now() - interval '5 s' AS seen
       FROM attempts JOIN runs ON runs.id = run_id JOIN runners ON runners.id = runner_id`,
    );
    expect(stored).toEqual({ sequence: 2, server: true, lease: true, step: 2, seen: true });
  });

  it('of points gets the directive of its run and its runner', async () => {
    await send(1, { points: loss(1) });
    await change('UPDATE runners SET draining = true');
    expect(await send(2, { points: loss(2) })).toEqual({ acknowledged: 2, directive: 'DRAIN' });
    await change(`UPDATE runs SET state = 'CANCELING'`);
    expect(await send(3, { points: loss(3) })).toEqual({ acknowledged: 3, directive: 'CANCEL' });
    await change('UPDATE runners SET draining = false');
  });

  it('of points is refused, answered or stored once as any other', async () => {
    await send(1, { points: loss(1) });
    await send(2, { points: loss(2) });
    const count = async () => (await dataSource.query('SELECT FROM points')).length;
    expect(await send(2, { points: loss(3) })).toEqual({ acknowledged: 2, directive: 'CONTINUE' });
    await expect(send(4, { points: loss(4) })).rejects.toThrow('sequence: must be 3');
    await expect(send(3, { points: loss(1001) })).rejects.toThrow("between 0 and the run's 1000 iterations; got 1001");
    await expect(send(3, { step: 1001, points: loss(1) })).rejects.toThrow('got 1001');
    await expect(send(3, { points: [{ series: 'loss', steps: [3], values: [] }] })).rejects.toThrow(
      '1 steps but 0 values',
    );
    const other = await insertRunner(dataSource, 'gpu-2');
    const report = { attemptId: attempt.id, fence: 1, sequence: 3, points: loss(3) } as AttemptReportInput;
    await expect(reports.report(other.id, report)).rejects.toThrow('does not belong to this runner');
    expect(await count()).toBe(2);
    const answers = await Promise.all([
      send(3, { points: loss(3) }),
      send(3, { points: loss(3) }),
      send(3, { points: loss(3) }),
    ]);
    expect(answers.map(({ acknowledged }) => acknowledged)).toEqual([3, 3, 3]);
    expect(await dataSource.query('SELECT count(*)::int FROM point_batches')).toEqual([{ count: 3 }]);
    await change(`UPDATE attempts SET state = 'LOST'`);
    expect(await send(4, { points: loss(4) })).toEqual({ acknowledged: 3, directive: 'LEASE_LOST' });
    expect(await count()).toBe(3);
  });

  it('is stored after the one before it, if both are sent at once', async () => {
    await send(1, { points: loss(1) });
    await send(2, { points: loss(2) });
    const both = await Promise.allSettled([send(3, { points: loss(3) }), send(4, { points: loss(4) })]);
    // The second may have come too early. Then it is refused, and nothing of it is stored.
    const stored = both.filter(({ status }) => status === 'fulfilled').length;
    expect(await dataSource.query('SELECT sequence FROM attempts')).toEqual([{ sequence: 2 + stored }]);
    expect(await dataSource.query('SELECT count(*)::int FROM points')).toEqual([{ count: 2 + stored }]);
  });

  it('of points writes no index of the attempt while its lease is long enough', async () => {
    await send(1, { points: loss(1) });
    await send(2, { points: loss(2) });
    const lease = () => dataSource.query('SELECT lease_until FROM attempts');
    const before = await lease();
    await send(3, { points: loss(3) });
    expect(await lease()).toEqual(before);
  });
});
