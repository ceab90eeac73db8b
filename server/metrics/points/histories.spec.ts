import { beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../database/transaction.js';
import { Budget } from '../../graphql/budget.js';
import type { Run } from '../../runs/run.entity.js';
import { draws } from '../../testing/draws.js';
import { requestContext } from '../../testing/request-context.js';
import { testMetrics } from '../../testing/test-metrics.js';
import { HistoryOrder, type MetricsArgs } from '../metrics.inputs.js';

const { dataSource, metrics, histories, rollUp, onlyRun } = testMetrics();

interface Point {
  step: number;
  value: number;
  /** Null for those that an earlier version stored. */
  time: number | null;
}

const START_MS = Date.UTC(2026, 0, 1);
const POINTS = 30_000;
const QUERIES = 80;
const draw = draws(1);
const below = (limit: number) => Math.floor(draw() * limit);

/** What must be stored, by step. */
const model = new Map<number, Point>();
let run: Run;

/** Reports points that arrive at this time. */
async function report(steps: number[], time: number, series = 'a'): Promise<void> {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const values = steps.map(() => (draw() < 0.0005 ? special[below(3)]! : Math.round((draw() - 0.5) * 1e6) / 1000));
  await inTransaction(dataSource, async (transaction) => {
    await metrics.record(transaction, run.id, [{ series, steps, values }]);
    await transaction.query(
      `UPDATE point_batches SET at = to_timestamp($2::float8 / 1000) WHERE run_id = $1
       AND number = (SELECT batches FROM run_points WHERE run_id = $1)`,
      [run.id, time],
    );
  });
  if (series !== 'a') return;
  for (const [i, step] of steps.entries()) model.set(step, { step, value: values[i]!, time });
}
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

async function read(args: Partial<MetricsArgs>) {
  const given = { names: ['a'], maxPoints: 500, by: HistoryOrder.STEP, ...args };
  const [history] = await histories.ofRun(requestContext(), run.id, given);
  const { steps, values, times, total } = history ?? { steps: [], values: [], times: [], total: 0 };
  return { total, points: steps.map((step, i): Point => ({ step, value: values[i]!, time: times[i]! })) };
}

/** The points of the model that a request asks for, by step. */
function asked({ fromStep, toStep, fromTime, toTime, by }: Partial<MetricsArgs>): Point[] {
  const isTimed = by === HistoryOrder.TIME || fromTime !== undefined || toTime !== undefined;
  return [...model.values()]
    .filter(({ step }) => step >= (fromStep ?? 0) && step <= (toStep ?? Number.POSITIVE_INFINITY))
    .filter(({ time }) => !isTimed || (time !== null && time >= (fromTime ?? 0) && time <= (toTime ?? Infinity)))
    .sort((a, b) => a.step - b.step);
}

/** Points that a line through the shown ones does not reach, although it passes them. Both are ascending by step. */
function hidden(all: readonly Point[], shown: readonly Point[]): Point[] {
  // A bucket has at most three points, and the group of a point is within two buckets.
  const reach = 8;
  let next = 0;
  return all.filter(({ step, value }) => {
    while (next < shown.length && shown[next]!.step < step) next++;
    let [isBelow, isAbove, isUnknown] = [true, true, !Number.isNaN(value)];
    for (let near = Math.max(0, next - reach); near < Math.min(shown.length, next + reach); near++) {
      const known = shown[near]!.value;
      if (known <= value) isBelow = false;
      if (known >= value) isAbove = false;
      if (Number.isNaN(known)) isUnknown = true;
    }
    return Number.isNaN(value) ? !isUnknown : isBelow || isAbove;
  });
}

describe('a history', () => {
  beforeAll(async () => {
    run = await onlyRun();
    // Blocks without times or groups, as the migrations leave them; the last one gets points with a time.
    await report(range(0, 5_000), START_MS);
    await rollUp.run(run.id);
    await dataSource.query(
      `UPDATE point_blocks SET first_time = NULL, last_time = NULL, low_time = NULL, high_time = NULL, nan_time = NULL,
         times = NULL, earliest = NULL, latest = NULL, peaks = NULL`,
    );
    for (const point of model.values()) point.time = null;
    for (let from = 5_000; from < POINTS; from += 250) {
      await report(range(from, 250), START_MS + from * 100);
      await report(range(from, 250), START_MS + from * 100, 'b');
      if (from % 10_000 === 0) await rollUp.run(run.id);
    }
    // Late points, some of which replace others. Their times are out of order.
    for (let i = 0; i < 20; i++) {
      await report(range(below(POINTS), 1 + below(40)), START_MS + 100 * POINTS + i);
      if (i === 15) await rollUp.run(run.id);
    }
  });

  it('has every extreme of its range, at any resolution, by step and by time', async () => {
    const seen = { whole: 0, reduced: 0 };
    for (let i = 0; i < QUERIES; i++) {
      const args: Partial<MetricsArgs> = { maxPoints: Math.round(5 * 2000 ** draw()) };
      if (draw() < 0.7) {
        const [from, to] = [below(POINTS), below(POINTS)].sort((a, b) => a - b);
        if (draw() < 0.5) Object.assign(args, { fromStep: from, toStep: to });
        else Object.assign(args, { fromTime: START_MS + from! * 100, toTime: START_MS + to! * 100 });
      }
      if (draw() < 0.4) args.by = HistoryOrder.TIME;
      const all = asked(args);
      const { points, total } = await read(args);
      const what = JSON.stringify(args);
      expect([total, points.length <= args.maxPoints!], what).toEqual([all.length, true]);
      const shown = [...points].sort((a, b) => a.step - b.step);
      expect(
        points.filter(({ step, value, time }) => {
          const stored = model.get(step);
          return !stored || !Object.is(stored.value, value) || stored.time !== time;
        }),
        what,
      ).toEqual([]);
      expect([shown[0], shown.at(-1)], what).toEqual([all[0], all.at(-1)]);
      expect(hidden(all, shown), what).toEqual([]);
      if (args.by === HistoryOrder.TIME) {
        shown.sort((a, b) => a.time! - b.time!);
      }
      expect(
        points.every((point, place) => point === shown[place]),
        what,
      ).toBe(true);
      if (all.length <= args.maxPoints!) expect(points.length, what).toBe(all.length);
      else expect(points.length, what).toBeGreaterThanOrEqual(Math.min(all.length, args.maxPoints!) / 4 - 2);
      seen[all.length <= args.maxPoints! ? 'whole' : 'reduced']++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(2);
  });

  it('can be short, and keeps the newest point', async () => {
    const last = asked({}).at(-1);
    for (const maxPoints of [1, 2, 3, 4]) {
      const { points } = await read({ maxPoints });
      expect([points.length <= maxPoints, points.at(-1)]).toEqual([true, last]);
    }
  });

  it('reads only what it needs: the extremes of blocks, those of their groups, or all points', async () => {
    const cost = async (maxPoints: number, range: Partial<MetricsArgs>) => {
      const budget = new Budget();
      const before = budget.numbers;
      await histories.ofRun(requestContext(budget), run.id, {
        names: ['b'],
        maxPoints,
        by: HistoryOrder.STEP,
        ...range,
      });
      return before - budget.numbers;
    };
    const [from, to] = [10_000, 19_999];
    const byStep = { fromStep: from, toStep: to };
    const byTime = { fromTime: START_MS + from * 100, toTime: START_MS + to * 100 };
    for (const range of [byStep, byTime]) {
      // 22 blocks, of which two are cut; 32 extremes of each; or 480 points.
      expect(await cost(20, range)).toBeLessThan(22 + (2 * 480) / 5 + 1);
      expect(await cost(1000, range)).toBeLessThan(22 + (2 * 480 + 20 * 48) / 5 + 1);
      expect(await cost(10_000, range)).toBeGreaterThan(10_000 / 5);
    }
  });
});
