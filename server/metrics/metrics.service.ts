import type { Context } from '../context.js';
import type { Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { type Budget, POINTS_PER_NUMBER } from '../graphql/budget.js';
import { badUserInput } from '../graphql/errors.js';
import { downsample } from './downsample.js';
import type { MetricsArgs, PointColumnsInput } from './metrics.inputs.js';
import type { MetricsRepository } from './metrics.repository.js';
import type { MetricHistory, Series, StepRange } from './metrics.types.js';
import { mergeColumns } from './point-columns.js';

const MAX_POINTS = 10_000;
const MAX_NAMES = 200;
/** Steps are 32-bit. */
export const LAST_STEP = 2 ** 31 - 1;

export class MetricsService {
  constructor(
    private readonly deps: {
      repository: MetricsRepository;
      events: Events;
    },
  ) {}

  /** Stores points of a run within the caller's transaction. A point that is sent again replaces the stored one. */
  async record(transaction: Transaction, runId: string, columns: readonly PointColumnsInput[]): Promise<void> {
    const merged = mergeColumns(columns);
    if (merged.size === 0) return;
    const ids = await this.deps.repository.seriesIds(transaction, runId, [...merged.keys()]);
    const rows: [number[], number[], number[]] = [[], [], []];
    const range: StepRange = { fromStep: LAST_STEP, toStep: -1 };
    for (const [name, points] of merged) {
      const id = ids.get(name)!;
      for (const [step, value] of points) {
        rows[0].push(id);
        rows[1].push(step);
        rows[2].push(value);
        range.fromStep = Math.min(range.fromStep, step);
        range.toStep = Math.max(range.toStep, step);
      }
    }
    await this.deps.repository.upsert(transaction, ...rows);
    await this.deps.events.publish(transaction, 'points.added', { runId, ...range });
  }

  /** By name. Batched: one query reads the series of many runs. */
  async series(context: Context, runId: string): Promise<Series[]> {
    const loader = context.loaders.of<Series[]>('series', async (runIds) => {
      const rows = await context.budget.rows((limit) => this.deps.repository.series(runIds, limit));
      return runIds.map((id) => rows.filter((row) => row.runId === id));
    });
    return (await loader.load(runId))!;
  }

  /** The number of points that a series has. Batched: one query counts those of many series. */
  async pointsOf({ loaders, budget }: Context, seriesId: number): Promise<number> {
    const loader = loaders.of<number>('series.points', (ids) =>
      budget.inTurn(async () => {
        const counts = await this.deps.repository.pointsOf(ids.map(Number), pointsWithin(budget));
        budget.spend([...counts.values()].reduce((sum, points) => sum + points, 0) / POINTS_PER_NUMBER);
        return ids.map((id) => counts.get(Number(id)) ?? 0);
      }),
    );
    return (await loader.load(String(seriesId)))!;
  }

  /** Histories of a run, each reduced to at most `maxPoints` points. Leaves out names that the run has not reported. */
  async metrics(
    budget: Budget,
    runId: string,
    { names, maxPoints, fromStep, toStep }: MetricsArgs,
  ): Promise<MetricHistory[]> {
    if (maxPoints < 1 || maxPoints > MAX_POINTS) {
      throw badUserInput(`maxPoints must be between 1 and ${MAX_POINTS}; got ${maxPoints}`);
    }
    checkNames(names);
    const range = { fromStep: fromStep ?? 0, toStep: toStep ?? LAST_STEP };
    return this.reduced(budget, runId, names ?? null, range, maxPoints);
  }

  /**
   * The same for a range of steps, without checking the arguments. All series if `names` is null. However few points are
   * returned, all stored ones are read, so they are counted first.
   */
  async reduced(
    budget: Budget,
    runId: string,
    names: string[] | null,
    range: StepRange,
    maxPoints: number,
  ): Promise<MetricHistory[]> {
    const { repository } = this.deps;
    await budget.inTurn(async () => {
      budget.spend((await repository.countPoints(runId, names, range, pointsWithin(budget))) / POINTS_PER_NUMBER);
    });
    const histories = await repository.histories(runId, names, range);
    return histories.map(({ name, ...columns }) => ({
      name,
      ...downsample(columns, maxPoints),
      total: columns.steps.length,
    }));
  }
}

/** How many points may be counted: one more than can be read. */
const pointsWithin = (budget: Budget): number => Math.floor(budget.numbers * POINTS_PER_NUMBER) + 1;

/** @throws BAD_USER_INPUT for too many names */
export function checkNames(names: readonly string[] | null | undefined): void {
  if (names && names.length > MAX_NAMES) {
    throw badUserInput(`names: must have at most ${MAX_NAMES} entries; got ${names.length}`);
  }
}
