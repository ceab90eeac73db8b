import { type Context, inOrder } from '../context.js';
import type { ReportPart } from '../create-module.js';
import type { Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import type { Budget } from '../graphql/budget.js';
import { refusal } from '../graphql/errors.js';
import type { PointColumnsInput } from './metrics.inputs.js';
import type { MetricHistory, Series, StepRange } from './metrics.types.js';
import { mergeColumns } from './point-columns.js';
import type { AddedPoints, AddedPointsReader } from './points/added-points.js';
import { APPENDED, type AppendedRow, appendBatch, batchValues, hasExactTimes } from './points/batch.js';
import type { BatchesRepository } from './points/batches.repository.js';
import type { Columns } from './points/columns.js';
import type { PointsKeeper } from './points/points-keeper.js';
import type { History, PointsReader } from './points/reader.js';
import type { RecentBatches } from './points/recent-batches.js';
import { MOST_WAITING, type RollUp } from './points/roll-up.js';
import type { SeriesRepository } from './series.repository.js';
import type { SeriesIds } from './series-ids.js';

const MAX_NAMES = 200;
/** Steps are 32-bit. */
export const LAST_STEP = 2 ** 31 - 1;
const EVERY_STEP: StepRange = { fromStep: 0, toStep: LAST_STEP };

export class MetricsService {
  constructor(
    private readonly deps: {
      series: SeriesRepository;
      seriesIds: SeriesIds;
      batches: BatchesRepository;
      recent: RecentBatches;
      reader: PointsReader;
      added: AddedPointsReader;
      rollUp: RollUp;
      keeper: PointsKeeper;
      events: Events;
    },
  ) {}

  /** Stores points of a run within the caller's transaction. A point that is sent again replaces the stored one. */
  async record(transaction: Transaction, runId: string, columns: readonly PointColumnsInput[]): Promise<void> {
    const merged = mergeColumns(columns, Date.now());
    if (merged.size === 0) return;
    const ids = await this.deps.series.idsOf(transaction, runId, [...merged.keys()]);
    const { waiting } = await this.deps.batches.append(transaction, runId, byId(merged, ids));
    this.appended(runId, waiting);
  }

  /**
   * What a statement needs to do the same for the run of an attempt. Null if it cannot: a series is new, or there are no points.
   * @throws BAD_USER_INPUT like `record`
   */
  async appending(attemptId: string, columns: readonly PointColumnsInput[]): Promise<ReportPart | null> {
    const merged = mergeColumns(columns, Date.now());
    if (merged.size === 0) return null;
    const ids = await this.deps.seriesIds.of(attemptId, [...merged.keys()]);
    if (!ids) return null;
    const points = byId(merged, ids);
    return {
      name: 'points',
      ctes: appendBatch,
      selected: APPENDED,
      values: batchValues(points),
      stored: (runId, row) => {
        const { number, waiting } = row as AppendedRow;
        if (hasExactTimes(points)) this.deps.recent.add(runId, number, points);
        this.appended(runId, waiting);
      },
    };
  }

  /** Deletes the points after a step within the caller's transaction, and notifies subscribers. */
  async cutAfter(transaction: Transaction, runId: string, step: number): Promise<void> {
    const number = await this.deps.rollUp.cut(transaction, runId, step);
    if (number !== null) await this.deps.events.publish(transaction, 'points.added', { runId, number });
  }

  /** Says that a run has ended, so that all of its points can be moved into blocks. */
  runEnded(runId: string): void {
    this.deps.keeper.note(runId);
  }

  private appended(runId: string, waiting: number): void {
    if (waiting >= MOST_WAITING) this.deps.keeper.note(runId);
  }

  /** By name. Batched: one query reads the series of many runs. */
  async series(context: Context, runId: string): Promise<Series[]> {
    const loader = context.loaders.of<Series[]>('series', async (runIds) => {
      const found = await context.budget.rows(
        (limit) => this.deps.series.newest(runIds, limit),
        ({ series }) => series.length,
      );
      return inOrder(runIds, found, (row) => row.runId).map((row) => row?.series ?? []);
    });
    return (await loader.load(runId))!;
  }

  /** The number of points that a series has. Batched: all are counted together. */
  async pointsOf({ loaders, budget }: Context, seriesId: number): Promise<number> {
    const loader = loaders.of<number>('series.points', async (ids) => {
      const seriesIds = ids.map(Number);
      const runIds = [...new Set((await this.deps.series.runsOf(seriesIds)).values())];
      const wanted = { runIds, seriesIds, range: EVERY_STEP, maxPoints: 1 };
      const counted = await this.deps.reader.snapshotInTurn(budget, (manager) =>
        this.deps.reader.histories(manager, budget, wanted),
      );
      return seriesIds.map((id) => counted.get(id)?.total ?? 0);
    });
    return (await loader.load(String(seriesId)))!;
  }

  /**
   * Histories of a run, each reduced to at most `maxPoints` points; of all series if `names` is null. Also returns the number of
   * the newest batch that is in them.
   */
  reduced(
    budget: Budget,
    runId: string,
    names: readonly string[] | null,
    range: StepRange,
    maxPoints: number,
  ): Promise<{ histories: MetricHistory[]; upTo: number }> {
    return this.deps.reader.snapshotInTurn(budget, async (manager) => {
      const ids = await this.deps.series.find(manager, runId, names);
      const found = await this.deps.reader.histories(manager, budget, {
        ...{ runIds: [runId], seriesIds: [...ids.values()], range, maxPoints },
      });
      const { batches } = await this.deps.batches.state(runId, manager);
      return { histories: named(ids, found), upTo: batches };
    });
  }

  /** The number of the newest batch of a run; 0 if there is none. */
  newestBatch(runId: string): Promise<number> {
    return this.deps.added.newest(runId);
  }

  /** What was added to a run: see AddedPointsReader. */
  added(...args: Parameters<AddedPointsReader['between']>): Promise<AddedPoints | null> {
    return this.deps.added.between(...args);
  }
}

/** Columns by the ids of their series. */
function byId(columns: ReadonlyMap<string, Columns>, ids: ReadonlyMap<string, number>): Map<number, Columns> {
  return new Map([...columns].map(([name, points]) => [ids.get(name)!, points]));
}

/** Histories with their names, in the order of the names. */
function named(ids: ReadonlyMap<string, number>, histories: ReadonlyMap<number, History>): MetricHistory[] {
  return [...ids].flatMap(([name, id]) => {
    const history = histories.get(id);
    return history ? [{ name, ...history }] : [];
  });
}

/** @throws BAD_USER_INPUT for too many names */
export function checkNames(names: readonly string[] | null | undefined): void {
  if (names && names.length > MAX_NAMES) {
    throw refusal('TOO_MANY_ENTRIES', { field: 'names', most: MAX_NAMES, count: names.length });
  }
}
