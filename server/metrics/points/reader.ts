import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Transaction } from '../../database/transaction.js';
import { type Budget, POINTS_PER_NUMBER } from '../../graphql/budget.js';
import type { PointRange } from '../metrics.types.js';
import type { BatchesRepository } from './batches.repository.js';
import { GROUP_POINTS } from './block.js';
import type { BlocksRepository } from './blocks.repository.js';
import { type Columns, inOrder, joined, merged, noPoints, within } from './columns.js';
import { type History, historyOf, inRange, keysOf, type Plan, planOf, pointsToRead } from './plan.js';
import { noSummaries } from './summaries.js';

export type { History } from './plan.js';

/** Which points to read: series of runs, within a range. */
export interface Wanted {
  runIds: readonly string[];
  seriesIds: readonly number[];
  range: PointRange;
  /** Of each history; everything by default. */
  maxPoints?: number;
}

/** Points of several series that are read and reduced together. More would take more memory, fewer more statements. */
const POINTS_TOGETHER = 50_000;
/** Blocks that are read together for a stream. */
const BLOCKS_TOGETHER = 4;

/** Reads histories from blocks and from the batches after them. */
export class PointsReader {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      batches: BatchesRepository;
      blocks: BlocksRepository;
    },
  ) {}

  /** Runs `read` on one state of the database, so that points do not move from batches to blocks in the meantime. */
  snapshot<T>(read: (manager: Transaction) => Promise<T>): Promise<T> {
    return this.deps.dataSource.transaction('REPEATABLE READ', read);
  }

  /**
   * The same, in turn: if every field of an operation that reads histories had a connection while it waits for its turn, none
   * would be left for the fields before it.
   */
  snapshotInTurn<T>(budget: Budget, read: (manager: Transaction) => Promise<T>): Promise<T> {
    return budget.inTurn(() => this.snapshot(read));
  }

  /**
   * The histories of series in a range, by series, each reduced to at most `maxPoints`. Series without points are left out.
   * Reads no more than the result needs: the extremes of whole blocks, those of their groups, or all points.
   */
  async histories(
    manager: Transaction,
    budget: Budget,
    { runIds, seriesIds, range, maxPoints = Number.POSITIVE_INFINITY }: Wanted,
  ): Promise<Map<number, History>> {
    const { batches, blocks } = this.deps;
    const waiting = await batches.waiting(manager, runIds, seriesIds, range);
    const summaries = await blocks.summaries(manager, seriesIds, range, Math.floor(budget.numbers) + 1);
    const plans = seriesIds.map((id) =>
      planOf(id, summaries.get(id) ?? noSummaries(), inOrder(waiting.get(id) ?? noPoints()), range, maxPoints),
    );
    for (const plan of plans) {
      budget.spend(plan.summaries.points.length + pointsToRead(plan) / POINTS_PER_NUMBER);
    }
    const histories = new Map<number, History>();
    for (const together of batched(plans)) {
      const opened = await this.read(manager, together, 'all');
      const peaks = await this.read(manager, together, 'peaks');
      for (const [i, plan] of together.entries()) {
        const history = historyOf(plan, opened[i]!, peaks[i]!, range, maxPoints);
        if (history.total > 0) histories.set(plan.seriesId, history);
      }
      // Other requests come first.
      await nextTurn();
    }
    return histories;
  }

  /** All points of a series in a range, ascending by step, some thousand at a time. */
  async *points(manager: Transaction, runId: string, seriesId: number, range: PointRange): AsyncGenerator<Columns> {
    const { batches, blocks } = this.deps;
    const found = await batches.waiting(manager, [runId], [seriesId], range);
    const waiting = inOrder(found.get(seriesId) ?? noPoints());
    let from = (await blocks.startOf(manager, seriesId, range.fromStep)) - 1;
    for (let isLast = false; !isLast; ) {
      const { columns, blocks: count } = await blocks.next(manager, seriesId, from, range, BLOCKS_TOGETHER);
      isLast = count < BLOCKS_TOGETHER;
      const upTo = isLast ? Number.POSITIVE_INFINITY : columns.steps.at(-1)!;
      const points = inRange(merged(columns, within(waiting, from + 1, upTo)), range);
      if (points.steps.length > 0) yield points;
      from = upTo;
    }
  }

  /** The points that each of the plans needs of its opened blocks, or the extremes of the groups of its closed ones. */
  private async read(manager: Transaction, plans: readonly Plan[], part: 'all' | 'peaks'): Promise<Columns[]> {
    const keys = plans.map((plan) => {
      if (part === 'all') return keysOf(plan, plan.opened);
      return plan.group === GROUP_POINTS ? keysOf(plan, plan.closed) : [];
    });
    const columns = await this.deps.blocks.open(manager, keys.flat(), part);
    let end = 0;
    return keys.map(({ length }) => {
      end += length;
      return joined(columns.slice(end - length, end));
    });
  }
}

/** Divides plans so that not too many points are read together. */
function batched(plans: readonly Plan[]): Plan[][] {
  const batches: Plan[][] = [];
  let left = 0;
  for (const plan of plans) {
    const points = pointsToRead(plan);
    if (batches.length === 0 || points > left) {
      batches.push([]);
      left = POINTS_TOGETHER;
    }
    batches.at(-1)!.push(plan);
    left -= points;
  }
  return batches;
}
