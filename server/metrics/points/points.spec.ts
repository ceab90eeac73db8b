import { beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../database/transaction.js';
import { Budget } from '../../graphql/budget.js';
import type { Run } from '../../runs/run.entity.js';
import { draws } from '../../testing/draws.js';
import { testMetrics } from '../../testing/test-metrics.js';
import { BLOCK_POINTS } from './block.js';

const { dataSource, metrics, rollUp, onlyRun } = testMetrics();

type Series = Map<number, number>;

const record = (run: Run, name: string, steps: number[], values: number[]) =>
  inTransaction(dataSource, (transaction) => metrics.record(transaction, run.id, [{ series: name, steps, values }]));
const cut = (run: Run, step: number) =>
  inTransaction(dataSource, (transaction) => metrics.cutAfter(transaction, run.id, step));
const read = async (run: Run, fromStep = 0, toStep = 2 ** 31 - 1, maxPoints = 10_000) =>
  (await metrics.reduced(new Budget(), run.id, null, { fromStep, toStep }, maxPoints)).histories;
const blockSizes = async (name: string): Promise<number[]> => {
  const rows = await dataSource.query<{ points: number }[]>(
    'SELECT points FROM point_blocks JOIN series ON series.id = series_id WHERE name = $1 ORDER BY first_step',
    [name],
  );
  return rows.map(({ points }) => points);
};

/** What runs are filtered by. */
function summaryOf([name, points]: [string, Series]) {
  const newest = [...points].sort(([x], [y]) => y - x).map(([, value]) => value);
  const known = newest.filter((value) => !Number.isNaN(value));
  const mean = (of: number[]) => {
    const expected = of.reduce((sum, value) => sum + value, 0) / of.length;
    return Number.isFinite(expected) ? expect.closeTo(expected, 6) : expected;
  };
  return {
    ...{ name, last_value: newest[0], low: Math.min(...known), high: Math.max(...known) },
    ...{ mean10: mean(newest.slice(0, 10)), mean100: mean(newest.slice(0, 100)) },
  };
}

describe('points', () => {
  let run: Run;

  beforeEach(async () => {
    run = await onlyRun();
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'are those of a plain list, whatever is reported, rolled up and cut (seed %i)',
    async (seed) => {
      const draw = draws(seed);
      const below = (limit: number) => Math.floor(draw() * limit);
      const model = new Map<string, Series>([
        ['a', new Map()],
        ['b', new Map()],
      ]);
      let next = 0;
      for (let turn = 0; turn < 60; turn++) {
        const what = draw();
        if (what < 0.15) await rollUp.run(run.id);
        else if (what < 0.2) {
          const step = below(next + 1) - 1;
          await cut(run, step);
          for (const points of model.values()) for (const at of points.keys()) if (at > step) points.delete(at);
          next = step + 1;
        } else {
          const [name, points] = [...model][below(2)]!;
          // Mostly new steps; sometimes old ones again, in any order.
          const from = draw() < 0.85 ? next : below(next + 1);
          const steps = Array.from({ length: 1 + below(300) }, (_, i) => from + i * (1 + below(2)));
          if (draw() < 0.1) steps.reverse();
          const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
          const values = steps.map(() => (draw() < 0.01 ? special[below(3)]! : Math.round(draw() * 1000) - 500));
          await record(run, name, steps, values);
          for (const [i, step] of steps.entries()) points.set(step, values[i]!);
          next = Math.max(next, ...steps) + 1;
        }
        if (turn % 6 !== 5) continue;
        const [fromStep, toStep] = draw() < 0.5 ? [0, next] : [below(next + 1), below(next + 1)].sort((x, y) => x - y);
        const expected = [...model].flatMap(([name, points]) => {
          const kept = [...points].filter(([step]) => step >= fromStep! && step <= toStep!).sort(([x], [y]) => x - y);
          if (kept.length === 0) return [];
          return [
            { name, steps: kept.map(([step]) => step), values: kept.map(([, value]) => value), total: kept.length },
          ];
        });
        const whole = await read(run, fromStep, toStep);
        expect(whole.map(({ times: _, ...history }) => history)).toEqual(expected);
        const maxPoints = 5 + below(40);
        const reduced = await read(run, fromStep, toStep, maxPoints);
        for (const [i, { name, steps, values, total }] of reduced.entries()) {
          const all = expected[i]!;
          expect([name, total, steps[0], steps.at(-1)]).toEqual([all.name, all.total, all.steps[0], all.steps.at(-1)]);
          expect(steps.length).toBeLessThanOrEqual(maxPoints);
          expect(steps.every((step, place) => Object.is(all.values[all.steps.indexOf(step)], values[place]))).toBe(
            true,
          );
          const extremes = (of: number[]) => {
            const known = of.filter((value) => !Number.isNaN(value));
            return [Math.min(...known), Math.max(...known), of.some(Number.isNaN)];
          };
          expect(extremes(values)).toEqual(extremes(all.values));
        }
        const view = await dataSource.query<{ name: string; step: number; value: number }[]>(
          'SELECT name, step, value FROM points JOIN series ON series.id = series_id WHERE step BETWEEN $1 AND $2 ORDER BY 1, 2',
          [fromStep, toStep],
        );
        expect(view).toEqual(
          expected.flatMap(({ name, steps, values }) => steps.map((step, i) => ({ name, step, value: values[i] }))),
        );
        const summaries = await dataSource.query(
          'SELECT name, last_value, low, high, mean10, mean100 FROM series_summaries WHERE run_id = $1 ORDER BY name',
          [run.id],
        );
        expect(summaries).toEqual([...model].filter(([, points]) => points.size > 0).map(summaryOf));
      }
    },
  );

  it('are rolled up and summarised whatever their values are', async () => {
    const values = [1e200, -1e300, 5e-324, 1];
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    const means = () => dataSource.query('SELECT mean10, mean100 FROM series_summaries WHERE run_id = $1', [run.id]);
    await record(run, 'a', [1, 2, 3, 4], values);
    expect(await means()).toEqual([{ mean10: mean, mean100: mean }]);
    expect(await rollUp.run(run.id)).toBe(true);
    expect(await means()).toEqual([{ mean10: mean, mean100: mean }]);
  });

  it('fill whole blocks, and leave a full one alone', async () => {
    const steps = Array.from({ length: BLOCK_POINTS }, (_, i) => i);
    await record(run, 'a', steps, steps);
    await record(run, 'b', [0], [1]);
    await rollUp.run(run.id);
    const rows = () => dataSource.query('SELECT series_id, first_step, xmin::text FROM point_blocks ORDER BY 1, 2');
    const [full] = await rows();
    await record(run, 'a', [BLOCK_POINTS, BLOCK_POINTS + 1], [1, 2]);
    await record(run, 'b', [1], [1]);
    await rollUp.run(run.id);
    expect((await rows())[0]).toEqual(full);
    expect([await blockSizes('a'), await blockSizes('b')]).toEqual([[BLOCK_POINTS, 2], [2]]);
  });

  it('fill whole blocks, too, if more of them wait than are read at a time', async () => {
    const [batches, each] = [5, 20_000];
    const all = Array.from({ length: batches * each }, (_, i) => i);
    for (let batch = 0; batch < batches; batch++) {
      const steps = all.slice(batch * each, (batch + 1) * each);
      await record(run, 'a', steps, steps.map(Math.sin));
    }
    expect(await rollUp.run(run.id)).toBe(true);
    const sizes = await blockSizes('a');
    expect(sizes).toEqual([...new Array(sizes.length - 1).fill(BLOCK_POINTS), all.length % BLOCK_POINTS]);
    const state = await dataSource.query('SELECT rolled_up, waiting FROM run_points');
    expect(state).toEqual([{ rolled_up: batches, waiting: 0 }]);
    const stored = await dataSource.query<{ value: number }[]>('SELECT value FROM points ORDER BY step');
    expect(stored.map(({ value }) => value)).toEqual(all.map(Math.sin));
  });

  it('take at most 20 bytes each at 600 points a series, index included', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `series ${i}`);
    const steps = Array.from({ length: 600 }, (_, i) => 10 * i);
    for (const name of names) {
      await record(
        run,
        name,
        steps,
        steps.map((step) => Math.sin(step)),
      );
    }
    await rollUp.run(run.id);
    await dataSource.query('VACUUM FULL point_blocks');
    const [{ bytes }] = await dataSource.query<[{ bytes: number }]>(
      `SELECT pg_total_relation_size('point_blocks') AS bytes`,
    );
    expect(bytes / (names.length * steps.length)).toBeLessThanOrEqual(20);
  });

  it('are rolled up by one server at a time, and not while a report is being stored', async () => {
    await record(run, 'a', [1], [1]);
    await inTransaction(dataSource, async (transaction) => {
      await transaction.query('SELECT FROM runs WHERE id = $1 FOR UPDATE', [run.id]);
      await metrics.record(transaction, run.id, [{ series: 'a', steps: [2], values: [2] }]);
      expect(await rollUp.run(run.id)).toBe(false);
    });
    expect(await rollUp.run(run.id)).toBe(true);
    expect(await blockSizes('a')).toEqual([2]);
    // Nobody has to try again for a run that was deleted.
    await dataSource.query('DELETE FROM runs');
    expect(await rollUp.run(run.id)).toBe(true);
  });

  it('keep the times of their runner, waiting and in blocks', async () => {
    const steps = [1, 2, 3, 4];
    // In any order, as a corrected clock may give them.
    const times = [1_700_000_000_500, 1_700_000_000_000, 1_700_000_060_000, 1_700_000_060_000];
    const runner = (columns: object) =>
      inTransaction(dataSource, (transaction) =>
        metrics.record(transaction, run.id, [{ series: 'a', steps, values: steps, ...columns }]),
      );
    await runner({ times });
    const stored = async () => (await read(run)).map((history) => history.times);
    const view = () =>
      dataSource.query('SELECT round(extract(epoch FROM time) * 1000)::float8 AS ms FROM points ORDER BY step');
    expect(await stored()).toEqual([times]);
    expect(await view()).toEqual(times.map((ms) => ({ ms })));
    await rollUp.run(run.id);
    expect(await stored()).toEqual([times]);
    const one = steps.map(() => 1_700_000_099_000);
    await runner({ times: one });
    expect(await stored()).toEqual([one]);
    await rollUp.run(run.id);
    expect(await view()).toEqual(one.map((ms) => ({ ms })));
  });

  it('get the time of the server if theirs is in the future, or if they have none', async () => {
    const before = Date.now();
    const soon = before + 2_000;
    await inTransaction(dataSource, (transaction) =>
      metrics.record(transaction, run.id, [
        { series: 'a', steps: [1, 2], values: [1, 2], times: [before + 3_600_000, soon] },
        { series: 'b', steps: [1], values: [1] },
      ]),
    );
    const [a, b] = await read(run);
    const now = Date.now();
    for (const time of [a!.times[0]!, b!.times[0]!]) {
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(now + 1);
    }
    expect(a!.times[1]).toBe(soon);
  });

  it('are refused with times that do not fit', async () => {
    const refused = (times: number[]) =>
      inTransaction(dataSource, (transaction) =>
        metrics.record(transaction, run.id, [{ series: 'a', steps: [1, 2], values: [1, 2], times }]),
      );
    await expect(refused([1])).rejects.toThrow('series "a": has 2 steps but 1 times');
    await expect(refused([-1, 5])).rejects.toThrow('times must not be before 1970; got -1');
  });

  it('keep the time of their arrival only where there is one', async () => {
    await record(run, 'a', [1, 2], [1, 2]);
    await rollUp.run(run.id);
    // As the migration stores points of earlier versions.
    await dataSource.query(
      `UPDATE point_blocks SET first_time = NULL, last_time = NULL, low_time = NULL, high_time = NULL, times = NULL,
         earliest = NULL, latest = NULL`,
    );
    await record(run, 'a', [3], [3]);
    await rollUp.run(run.id);
    const [history] = await read(run);
    expect(history!.times).toEqual([null, null, expect.any(Number)]);
    const [newest] = await read(run, 0, 2 ** 31 - 1, 1);
    expect(newest!.times).toEqual([history!.times[2]]);
  });
});
