import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../attempts/attempt.entity.js';
import type { AttemptReportInput } from '../../attempts/attempts.types.js';
import { inTransaction } from '../../database/transaction.js';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { readEnv } from '../../env.js';
import { Events } from '../../events/events.js';
import { createLogger } from '../../logger.js';
import { modules } from '../../modules.js';
import type { Runner } from '../../runners/runner.entity.js';
import { type Run, RunState } from '../../runs/run.entity.js';
import { insertAttempt, insertDataset, insertRun, insertRunner } from '../../testing/results-fixtures.js';
import { testDatabase } from '../../testing/test-database.js';
import type { Columns } from './columns.js';
import { RecentBatches } from './recent-batches.js';

const START_MS = Date.UTC(2026, 0, 1);
const columns = (from: number, to: number, value = 0): Columns => {
  const steps = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return { steps, values: steps.map((step) => step + value), times: steps.map((step) => START_MS + 10 * step) };
};

/** As many points as a batch of one series must have to be remembered. */
const twenty = (from: number): Columns => columns(from, from + 19);

describe('recent batches', () => {
  it('are known without gaps, up to the last one that is asked for', () => {
    const recent = new RecentBatches();
    for (const number of [2, 3, 5]) recent.add('run', number, new Map([[number % 2, twenty(number)]]));
    expect(recent.next('run', 0, 5)).toBeNull();
    expect(recent.next('other', 1, 5)).toBeNull();
    const found = { points: new Map([...[0, 1].map((id) => [id, twenty(2 + id)] as const)]), upTo: 3 };
    expect(recent.next('run', 1, 5)).toEqual(found);
    expect(recent.next('run', 1, 2)?.upTo).toBe(2);
    recent.forget('run', 3);
    expect(recent.next('run', 1, 5)).toBeNull();
    expect(recent.next('run', 4, 5)?.upTo).toBe(5);
    recent.clear();
    expect(recent.next('run', 4, 5)).toBeNull();
  });

  it('do not include small ones, whose lists would take more memory than their points', () => {
    const recent = new RecentBatches();
    recent.add(
      'run',
      1,
      new Map([
        [1, columns(1, 20)],
        [2, columns(1, 19)],
      ]),
    );
    expect(recent.next('run', 0, 1)).toBeNull();
    recent.add(
      'run',
      1,
      new Map([
        [1, columns(1, 20)],
        [2, columns(1, 20)],
      ]),
    );
    expect(recent.next('run', 0, 1)?.upTo).toBe(1);
  });

  it('are divided, and forgotten for others, when there are many', () => {
    const recent = new RecentBatches();
    const large = new Map([[1, columns(1, 40_000)]]);
    for (let number = 1; number <= 5; number++) recent.add('first', number, large);
    expect(recent.next('first', 0, 5)?.upTo).toBe(1);
    for (let number = 1; number <= 2; number++) recent.add('second', number, large);
    expect(recent.next('first', 0, 5)?.upTo).toBe(1);
    recent.add('second', 3, large);
    expect(recent.next('first', 0, 5)).toBeNull();
    expect(recent.next('second', 2, 3)?.upTo).toBe(3);
  });
});

describe('the roll-up', () => {
  const { dataSource, url } = testDatabase();
  /** The services of a server; those of another server on the same database remember other batches. */
  const startServer = () => {
    const logger = createLogger('silent');
    const events = new Events({ databaseUrl: url, logger });
    return modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' }).services;
  };
  const [first, second] = [startServer(), startServer()];
  let dataset: Dataset;
  let runner: Runner;
  let run: Run;
  let attempt: Attempt;
  let sequence: number;
  /** What must be stored, by step. */
  let expected: Map<number, { value: number; time: number }>;

  beforeAll(async () => {
    [dataset, runner] = [await insertDataset(dataSource), await insertRunner(dataSource)];
    // The second server rolls up only before it cuts.
    first.pointsKeeper.start();
  });
  afterAll(() => first.pointsKeeper.close());
  beforeEach(async () => {
    run = await insertRun(dataSource, dataset, { state: RunState.RUNNING });
    attempt = await insertAttempt(dataSource, run, runner);
    sequence = 0;
    expected = new Map();
    // A new series is not stored in one statement, so this batch has to be read.
    await report(first, columns(1, 480));
    await rolledUp(1);
  });

  /** Reports points to a server, which appends a batch. */
  async function report(server: typeof first, { times, ...points }: Columns, isTimed = true): Promise<void> {
    const content = { points: [{ series: 'loss', ...points, times: isTimed ? times : null }] };
    const to = { attemptId: attempt.id, fence: 1, sequence: ++sequence };
    await server.reports.report(runner.id, { ...to, ...content } as AttemptReportInput);
    const [batch] = await dataSource.query<{ at: number }[]>(
      `SELECT round(extract(epoch FROM at) * 1000)::float8 AS at FROM point_batches
       WHERE run_id = $1 ORDER BY number DESC LIMIT 1`,
      [run.id],
    );
    for (const [i, step] of points.steps.entries()) {
      expected.set(step, { value: points.values[i]!, time: isTimed ? times[i]! : batch!.at });
    }
  }

  async function cut(server: typeof first, afterStep: number): Promise<void> {
    await inTransaction(dataSource, (transaction) => server.metrics.cutAfter(transaction, run.id, afterStep));
    for (const step of expected.keys()) if (step > afterStep) expected.delete(step);
  }

  /** Empties batches: whoever reads them in PostgreSQL finds nothing. */
  const empty = (...numbers: number[]) =>
    dataSource.query(
      `UPDATE point_batches SET series = '{}', steps = '{}', values = '{}', times = NULL
       WHERE run_id = $1 AND number = ANY ($2)`,
      [run.id, numbers],
    );

  /** Waits until this batch is in blocks. */
  const rolledUp = (batch: number) =>
    expect
      .poll(
        async () =>
          (await dataSource.query('SELECT rolled_up FROM run_points WHERE run_id = $1', [run.id]))[0].rolled_up,
        { timeout: 60_000 },
      )
      .toBe(batch);

  async function expectPoints(): Promise<void> {
    const rows = await dataSource.query<{ step: number; value: number; time: Date }[]>(
      'SELECT step, value, time FROM points JOIN series ON series.id = series_id WHERE run_id = $1 ORDER BY step',
      [run.id],
    );
    const found = rows.map(({ step, value, time }) => ({ step, value, time: time.getTime() }));
    expect(found).toEqual([...expected].sort(([a], [b]) => a - b).map(([step, point]) => ({ step, ...point })));
  }

  it('takes points from recent batches if it can, and the others from PostgreSQL', async () => {
    await report(first, columns(481, 600));
    await report(first, columns(580, 610, 0.5));
    // Late, repeated, and not in order.
    const late = columns(40, 57, 0.25);
    await report(first, {
      steps: [30, 20, 20, ...late.steps],
      values: [Number.NaN, 1, -0, ...late.values],
      times: [START_MS, START_MS, START_MS + 1, ...late.times],
    });
    await report(first, columns(611, 700), false);
    await report(first, columns(701, 1000));
    await empty(2, 3, 4);
    first.metrics.runEnded(run.id);
    await rolledUp(6);
    await expectPoints();
  });

  it('forgets the points that were cut, and takes those that are reported again', async () => {
    await report(first, columns(481, 600));
    await report(first, columns(601, 700));
    await empty(2, 3);
    await cut(first, 550);
    await expectPoints();
    await report(first, columns(551, 620, 0.5));
    await report(first, columns(610, 640, 0.25));
    await cut(first, 600);
    await report(first, columns(601, 620, 0.75));
    // The fourth and the seventh are the cuts.
    await empty(5, 6, 8);
    first.metrics.runEnded(run.id);
    await rolledUp(8);
    await expectPoints();
  });

  it('takes points that another server has appended or cut from PostgreSQL', async () => {
    await report(first, columns(481, 500));
    await report(second, columns(501, 520));
    const { steps, values, times } = columns(515, 540, 0.5);
    await report(first, { steps: [...steps, 900], values: [...values, 1], times: [...times, START_MS] });
    // The first server still remembers the batches 2 and 4, and the cut is the fifth.
    await cut(second, 530);
    await expectPoints();
    await report(first, columns(531, 560));
    await report(second, columns(555, 580, 0.5));
    await report(first, columns(581, 600));
    await empty(6);
    first.metrics.runEnded(run.id);
    await rolledUp(8);
    await expectPoints();
  });
});
