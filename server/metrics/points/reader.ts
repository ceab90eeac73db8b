import type { DataSource } from 'typeorm';
import type { Transaction } from '../../database/transaction.js';
import { type Budget, POINTS_PER_NUMBER } from '../../graphql/budget.js';
import type { StepRange } from '../metrics.types.js';
import type { BatchesRepository } from './batches.repository.js';
import { blocksOf, type Summary } from './block.js';
import type { BlockKey, BlocksRepository } from './blocks.repository.js';
import { type Columns, inOrder, joined, noPoints, splitAt, within } from './columns.js';
import { bucketsOf, downsample, downsampleBlocks } from './downsample.js';

/** A history, and the number of points that it had before it was reduced. */
export interface History extends Columns {
  total: number;
}

/** What is stored of a series within a range of steps. */
interface Stored {
  seriesId: number;
  blocks: (Summary & BlockKey)[];
  /** Points that wait to be rolled up. They replace those of blocks at the same steps. */
  waiting: Columns;
  /** The blocks that have to be read. Of the others, the summary is enough. */
  opened: (Summary & BlockKey)[];
}

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
   * The histories of series of a run in a range of steps, each reduced to at most `maxPoints`; without a limit, whole.
   * Blocks of which only the extremes are shown are not opened.
   */
  async histories(
    manager: Transaction,
    budget: Budget,
    runId: string,
    seriesIds: readonly number[],
    range: StepRange,
    maxPoints = Number.POSITIVE_INFINITY,
  ): Promise<Map<number, History>> {
    const { batches, blocks } = this.deps;
    const { rolledUp } = await batches.state(runId, manager);
    const waiting = await batches.pointsAfter(manager, runId, rolledUp, seriesIds, range);
    const summaries = await blocks.summaries(manager, seriesIds, range, Math.floor(budget.numbers) + 1);
    budget.spend(summaries.length);
    const bySeries = new Map<number, (Summary & BlockKey)[]>();
    for (const summary of summaries) {
      const those = bySeries.get(summary.seriesId);
      if (those) those.push(summary);
      else bySeries.set(summary.seriesId, [summary]);
    }
    const stored = seriesIds.map((seriesId) => {
      const those = bySeries.get(seriesId) ?? [];
      return toOpen(seriesId, those, inOrder(waiting.get(seriesId) ?? noPoints()), range, maxPoints);
    });
    const keys = stored.flatMap(({ opened }) => opened);
    const points = stored.reduce((sum, each) => sum + each.waiting.steps.length, 0);
    budget.spend(keys.reduce((sum, key) => sum + key.points, points) / POINTS_PER_NUMBER);
    const columns = await blocks.open(manager, keys);
    const contents = new Map(keys.map((key, i) => [key, columns[i]!]));
    const histories = stored.map((each): [number, History] => [
      each.seriesId,
      reduced(each, contents, range, maxPoints),
    ]);
    return new Map(histories.filter(([, { total }]) => total > 0));
  }
}

/** Decides which blocks of a series have to be opened. */
function toOpen(
  seriesId: number,
  blocks: (Summary & BlockKey)[],
  waiting: Columns,
  { fromStep, toStep }: StepRange,
  maxPoints: number,
): Stored {
  const [first, last] = [
    waiting.steps[0] ?? Number.POSITIVE_INFINITY,
    waiting.steps.at(-1) ?? Number.NEGATIVE_INFINITY,
  ];
  const isCut = ({ firstStep, lastStep }: Summary) => firstStep < fromStep || lastStep > toStep;
  const isReplaced = ({ firstStep, lastStep }: Summary) => first <= lastStep && last >= firstStep;
  const needed = blocks.filter((block) => isCut(block) || isReplaced(block));
  // Buckets of whole blocks give at least half of the points that were asked for.
  const enough = 2 * (blocks.length - needed.length) >= bucketsOf(maxPoints, mayHaveNaN(blocks, waiting));
  return { seriesId, blocks, waiting, opened: enough ? needed : blocks };
}

const mayHaveNaN = (blocks: readonly Summary[], { values }: Columns) =>
  values.some(Number.isNaN) || blocks.some(({ shown }) => shown.values.some(Number.isNaN));

function reduced(
  { blocks, waiting, opened }: Stored,
  contents: Map<Summary, Columns>,
  { fromStep, toStep }: StepRange,
  maxPoints: number,
): History {
  const columns = inOrder(joined([...opened.map((block) => contents.get(block)!), waiting]));
  const read = within(columns, fromStep, toStep);
  const closed = blocks.filter((block) => !contents.has(block));
  const total = closed.reduce((sum, { points }) => sum + points, read.steps.length);
  if (closed.length === 0) return { ...downsample(read, maxPoints), total };
  // No block of what was read may span one that was not.
  const between = splitAt(
    read,
    closed.map(({ firstStep }) => firstStep),
  ).flatMap(blocksOf);
  const all: Summary[] = [...closed, ...between].sort((a, b) => a.firstStep - b.firstStep);
  return { ...downsampleBlocks(all, maxPoints, mayHaveNaN(blocks, waiting)), total };
}
