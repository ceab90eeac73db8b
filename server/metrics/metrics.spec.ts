import { beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../database/transaction.js';
import { Budget } from '../graphql/budget.js';
import type { Run } from '../runs/run.entity.js';
import { requestContext } from '../testing/request-context.js';
import { testMetrics } from '../testing/test-metrics.js';
import { HistoryOrder, type MetricsArgs, type PointColumnsInput } from './metrics.inputs.js';

const { dataSource, metrics: service, histories, rollUp, onlyRun } = testMetrics();
const record = (run: Run, ...columns: PointColumnsInput[]) =>
  inTransaction(dataSource, (transaction) => service.record(transaction, run.id, columns));
const read = (run: Run, args: Partial<MetricsArgs> = {}, budget = new Budget()) =>
  histories.ofRun(requestContext(budget), run.id, { maxPoints: 500, by: HistoryOrder.STEP, ...args });
/** Without times, which depend on the clock. */
const history = async (run: Run, args: Partial<MetricsArgs> = {}) =>
  (await read(run, args)).map(({ name, steps, values, total }) => ({ name, steps, values, total }));
/** The series of a run, with their number of points. */
const seriesOf = async (run: Run) => {
  const of = requestContext();
  const series = await service.series(of, run.id);
  return Promise.all(series.map(async (each) => ({ ...each, points: await service.pointsOf(of, each.id) })));
};
const loss = (steps: number[], values: number[]): PointColumnsInput => ({ series: 'loss', steps, values });

describe('MetricsService', () => {
  let run: Run;

  beforeEach(async () => {
    run = await onlyRun();
  });

  it('keeps points exactly, with NaN and infinities', async () => {
    const values = [0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -0.5];
    await record(run, loss([0, 1, 2, 3, 4, 2 ** 31 - 1], values));
    expect(await history(run)).toEqual([{ name: 'loss', steps: [0, 1, 2, 3, 4, 2 ** 31 - 1], values, total: 6 }]);
    expect(await seriesOf(run)).toMatchObject([{ name: 'loss', points: 6, lastStep: 2 ** 31 - 1, lastValue: -0.5 }]);
  });

  it('stores a point once, no matter how often it is sent, with its newest value', async () => {
    await record(run, loss([1, 2, 3], [1, 2, 3]));
    await record(run, loss([2, 3, 4], [2, 33, 4]));
    await record(run, loss([4, 4], [5, 6]), loss([1], [9]));
    expect(await history(run)).toEqual([{ name: 'loss', steps: [1, 2, 3, 4], values: [9, 2, 33, 6], total: 4 }]);
  });

  it('accepts reports of one run that arrive at the same time', async () => {
    const reports = Array.from({ length: 8 }, (_, index) =>
      record(run, loss([index], [index]), { series: 'lr', steps: [index], values: [0.1] }),
    );
    await Promise.all(reports);
    expect((await seriesOf(run)).map(({ name, points }) => [name, points])).toEqual([
      ['loss', 8],
      ['lr', 8],
    ]);
  });

  it('does not use up series ids if nothing is new', async () => {
    await record(run, loss([1], [1]));
    for (let step = 2; step < 20; step++) await record(run, loss([step], [1]));
    await record(run, { series: 'lr', steps: [1], values: [1] });
    const rows = await dataSource.query<{ id: number }[]>('SELECT id FROM series ORDER BY id');
    expect(rows[1]!.id - rows[0]!.id).toBe(1);
  });

  it('reduces a long history in a range of steps to the requested number of points', async () => {
    const steps = Array.from({ length: 20_000 }, (_, index) => index);
    const values = steps.map((step) => (step === 7777 ? 99 : Math.sin(step / 100)));
    await record(run, loss(steps, values));
    const [reduced] = await history(run, { maxPoints: 50, fromStep: 5000, toStep: 9999 });
    expect(reduced!.total).toBe(5000);
    expect(reduced!.steps.length).toBeLessThanOrEqual(50);
    expect(reduced!.steps.at(0)).toBe(5000);
    expect(reduced!.steps.at(-1)).toBe(9999);
    expect(reduced!.values[reduced!.steps.indexOf(7777)]).toBe(99);
  });

  it('does not read more points than the operation may, however few it returns', async () => {
    const steps = Array.from({ length: 1000 }, (_, index) => index);
    await record(run, loss(steps, steps), { series: 'lr', steps, values: steps });
    const last = (numbers: number, names: string[] | null = null, fromStep = 0) =>
      read(run, { names, maxPoints: 1, fromStep }, new Budget(undefined, numbers));
    expect(await last(400)).toHaveLength(2);
    await expect(last(399)).rejects.toThrow('the operation reads more than 399 numbers');
    expect(await last(200, ['loss'])).toHaveLength(1);
    expect(await last(2, ['loss'], 990)).toHaveLength(1);
  });

  it('does not count more points than the operation may read', async () => {
    await record(run, loss([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]));
    const count = async (numbers: number) => {
      const of = requestContext(new Budget(undefined, numbers));
      const [series] = await service.series(of, run.id);
      return service.pointsOf(of, series!.id);
    };
    expect(await count(4)).toBe(6);
    await expect(count(3)).rejects.toThrow('the operation reads more than 3 numbers');
  });

  it('says when each point arrived', async () => {
    const before = Date.now();
    await record(run, loss([1, 2], [1, 2]));
    await record(run, loss([3], [3]));
    const timesOf = async () => (await read(run))[0]!.times;
    const times = await timesOf();
    expect(times[0]).toBe(times[1]);
    expect(times[2]).toBeGreaterThanOrEqual(times[1]!);
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times[2]).toBeLessThanOrEqual(Date.now());
    await rollUp.run(run.id);
    expect(await timesOf()).toEqual(times);
  });

  it('returns the requested names in their order, and leaves out unknown ones', async () => {
    await record(
      run,
      loss([1], [1]),
      { series: 'lr', steps: [1], values: [0.1] },
      { series: 'a', steps: [1], values: [1] },
    );
    expect((await history(run, { names: ['lr', 'nothing', 'loss'] })).map(({ name }) => name)).toEqual(['lr', 'loss']);
    expect((await history(run)).map(({ name }) => name)).toEqual(['a', 'loss', 'lr']);
  });

  it.each([
    ['columns of unequal length', [loss([1, 2], [1])], 'series "loss": has 2 steps but 1 values'],
    ['a negative step', [loss([-1], [1])], 'series "loss": steps must be at least 0; got -1'],
    ['an empty name', [{ series: ' ', steps: [1], values: [1] }], `1 to 128 printable characters; got " "`],
    ['a NUL in a name', [{ series: 'a\0', steps: [1], values: [1] }], 'got "a\\u0000"'],
    [
      'too many points',
      [loss(new Array(20_000).fill(1), new Array(20_000).fill(1))],
      'at most 20000 points; got 20001',
    ],
  ])('rejects %s and stores nothing', async (_, columns, message) => {
    const refused = record(run, { series: 'good', steps: [1], values: [1] }, ...columns);
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(refused).rejects.toThrow(message);
    expect(await seriesOf(run)).toEqual([]);
  });

  it.each([0, 10_001])('rejects maxPoints: %i', async (maxPoints) => {
    await expect(history(run, { maxPoints })).rejects.toThrow(`between 1 and 10000; got ${maxPoints}`);
  });

  it('deletes points with their run', async () => {
    await record(run, loss([1], [1]));
    await rollUp.run(run.id);
    await record(run, loss([2], [2]));
    await dataSource.query('DELETE FROM runs');
    const [left] = await dataSource.query(
      `SELECT (SELECT count(*) FROM series) + (SELECT count(*) FROM point_batches) + (SELECT count(*) FROM point_blocks)
         + (SELECT count(*) FROM run_points) AS rows`,
    );
    expect(left).toEqual({ rows: 0 });
  });
});
