import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptReportInput } from '../../attempts/attempts.types.js';
import { readEnv } from '../../env.js';
import { Events } from '../../events/events.js';
import { createLogger } from '../../logger.js';
import { modules } from '../../modules.js';
import { RunState } from '../../runs/run.entity.js';
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
  const logger = createLogger('silent');
  const events = new Events({ databaseUrl: url, logger });
  const { services } = modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' });
  beforeAll(() => services.pointsKeeper.start());
  afterAll(() => services.pointsKeeper.close());

  it('takes points from recent batches if it can, and the others from PostgreSQL', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource), { state: RunState.RUNNING });
    const runner = await insertRunner(dataSource);
    const attempt = await insertAttempt(dataSource, run, runner);
    const stored = new Map<number, { value: number; time: number }>();
    let sequence = 0;
    const report = async ({ times, ...points }: Columns, isTimed = true) => {
      const content = { points: [{ series: 'loss', ...points, times: isTimed ? times : null }] };
      const to = { attemptId: attempt.id, fence: 1, sequence: ++sequence };
      await services.reports.report(runner.id, { ...to, ...content } as AttemptReportInput);
      const [batch] = await dataSource.query<{ at: number }[]>(
        'SELECT round(extract(epoch FROM at) * 1000)::float8 AS at FROM point_batches WHERE number = $1',
        [sequence],
      );
      for (const [i, step] of points.steps.entries()) {
        stored.set(step, { value: points.values[i]!, time: isTimed ? times[i]! : batch!.at });
      }
    };
    const rolledUp = async () => (await dataSource.query('SELECT rolled_up AS number FROM run_points'))[0].number;
    // A new series is not stored in one statement, so this batch has to be read.
    await report(columns(1, 480));
    await expect.poll(rolledUp, { timeout: 20_000 }).toBe(1);
    await report(columns(481, 600));
    await report(columns(580, 610, 0.5));
    // Late, repeated, and not in order.
    const late = columns(40, 57, 0.25);
    await report({
      steps: [30, 20, 20, ...late.steps],
      values: [Number.NaN, 1, -0, ...late.values],
      times: [START_MS, START_MS, START_MS + 1, ...late.times],
    });
    await report(columns(611, 700), false);
    await report(columns(701, 1000));
    // Whoever reads these finds nothing.
    await dataSource.query(
      `UPDATE point_batches SET series = '{}', steps = '{}', values = '{}' WHERE number IN (2, 3, 4)`,
    );
    await dataSource.query('UPDATE run_points SET waiting = 480');
    services.metrics.runEnded(run.id);
    await expect.poll(rolledUp, { timeout: 20_000 }).toBe(6);
    const rows = await dataSource.query<{ step: number; value: number; time: Date }[]>(
      'SELECT step, value, time FROM points ORDER BY step',
    );
    const found = rows.map(({ step, value, time }) => ({ step, value, time: time.getTime() }));
    expect(found).toEqual([...stored].sort(([a], [b]) => a - b).map(([step, point]) => ({ step, ...point })));
  });
});
