import type { DataSource } from 'typeorm';
import { afterCommit, inTransaction, type Transaction } from '../../database/transaction.js';
import type { BatchesRepository } from './batches.repository.js';
import { BLOCK_POINTS, blocksOf } from './block.js';
import type { BlockKey, BlocksRepository } from './blocks.repository.js';
import { type Columns, inOrder, merged, splitAt, within } from './columns.js';
import type { RecentBatches } from './recent-batches.js';

/** A run is rolled up when a series has this many points waiting. */
export const MOST_WAITING = BLOCK_POINTS;

const EVERY_STEP = { fromStep: Number.MIN_SAFE_INTEGER, toStep: Number.MAX_SAFE_INTEGER };

/** Moves waiting points into blocks. */
export class RollUp {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      batches: BatchesRepository;
      blocks: BlocksRepository;
      recent: RecentBatches;
    },
  ) {}

  /**
   * Rolls up a run in a transaction of its own. Returns false if somebody else is writing points of the run. It does not lock the
   * run itself, because claims skip runs that are locked.
   */
  run(runId: string): Promise<boolean> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const lock = (mode: '' | 'FOR UPDATE SKIP LOCKED') =>
        transaction.query<unknown[]>(`/* lockForRollUp */ SELECT FROM run_points WHERE run_id = $1 ${mode}`, [runId]);
      if ((await lock('FOR UPDATE SKIP LOCKED')).length === 0) return (await lock('')).length === 0;
      await this.within(transaction, runId);
      return true;
    });
  }

  /** The same within a transaction that has locked the row of run_points. */
  private async within(transaction: Transaction, runId: string): Promise<void> {
    const { batches, rolledUp } = await this.deps.batches.state(runId, transaction);
    if (batches === rolledUp) return;
    const seriesIds = new Set<number>();
    for (let from = rolledUp; from < batches; ) {
      const known = this.deps.recent.next(runId, from, batches);
      const next = known ?? (await this.deps.batches.next(transaction, runId, from));
      if (!next) break;
      const { points, upTo } = next;
      const sorted = new Map([...points].map(([seriesId, columns]) => [seriesId, inOrder(columns)]));
      const wanted = [...sorted].map(([seriesId, { steps }]) => ({ seriesId, firstStep: steps[0]! }));
      const starts = await this.deps.blocks.startsFrom(transaction, wanted);
      const parts = [...sorted].flatMap(([seriesId, columns]) => shared(seriesId, columns, starts.get(seriesId) ?? []));
      await this.add(transaction, parts);
      for (const seriesId of points.keys()) seriesIds.add(seriesId);
      from = upTo;
    }
    await this.deps.blocks.summarise(transaction, runId, [...seriesIds]);
    await this.deps.batches.setRolledUp(transaction, runId, batches);
    afterCommit(transaction, () => this.deps.recent.forget(runId, batches));
  }

  /**
   * Deletes the points after a step, those that wait included, and series that have none left. Returns the number of the batch
   * that says so; null if there were no such points.
   */
  async cut(transaction: Transaction, runId: string, afterStep: number): Promise<number | null> {
    await transaction.query('/* lockForCut */ SELECT FROM run_points WHERE run_id = $1 FOR UPDATE', [runId]);
    await this.within(transaction, runId);
    const tails = await transaction.query<(BlockKey & { lastStep: number })[]>(
      `/* blocksAfter */ SELECT series_id AS "seriesId", first_step AS "firstStep", last_step AS "lastStep"
       FROM point_blocks WHERE series_id IN (SELECT id FROM series WHERE run_id = $1) AND last_step > $2`,
      [runId, afterStep],
    );
    if (tails.length === 0) return null;
    const straddling = tails.filter(({ firstStep }) => firstStep <= afterStep);
    const opened = await this.deps.blocks.open(transaction, straddling);
    await this.deps.blocks.delete(transaction, tails);
    const kept = straddling.flatMap(({ seriesId }, i) =>
      blocksOf(within(opened[i]!, EVERY_STEP.fromStep, afterStep)).map((block) => ({ seriesId, ...block })),
    );
    await this.deps.blocks.insert(transaction, kept);
    await transaction.query(
      `/* deleteEmptySeries */ DELETE FROM series s
       WHERE run_id = $1 AND NOT EXISTS (SELECT FROM point_blocks WHERE series_id = s.id)`,
      [runId],
    );
    await this.deps.blocks.summarise(transaction, runId, null);
    await this.deps.batches.findNewestAgain(transaction, runId);
    return this.deps.batches.appendCut(transaction, runId, afterStep);
  }

  /** Adds points to the blocks that they fall into. A full last block is left alone if they all come after it. */
  private async add(transaction: Transaction, parts: readonly Part[]): Promise<void> {
    const keyOf = ({ block }: Part) => (block === null ? [] : [block]);
    const touched = parts.filter(({ block }) => block !== null);
    const opened = await this.deps.blocks.open(transaction, touched.flatMap(keyOf));
    const before = new Map(touched.map((part, i) => [part, opened[i]!]));
    const isFull = (part: Part) => {
      const columns = before.get(part);
      return columns && columns.steps.length >= BLOCK_POINTS && columns.steps.at(-1)! < part.columns.steps[0]!;
    };
    await this.deps.blocks.delete(transaction, touched.filter((part) => !isFull(part)).flatMap(keyOf));
    const blocks = parts.flatMap((part) => {
      const old = isFull(part) ? undefined : before.get(part);
      const all = old ? merged(old, part.columns) : part.columns;
      return blocksOf(all).map((block) => ({ seriesId: part.seriesId, ...block }));
    });
    await this.deps.blocks.insert(transaction, blocks);
  }
}

/** New points of a series, and the stored block that they belong to; null if they come before every block. */
interface Part {
  seriesId: number;
  columns: Columns;
  block: BlockKey | null;
}

/** Shares points among the blocks that begin at `starts`. All are ascending. */
function shared(seriesId: number, columns: Columns, starts: readonly number[]): Part[] {
  return splitAt(columns, starts).map((part) => {
    const firstStep = starts.findLast((start) => start <= part.steps[0]!);
    return { seriesId, columns: part, block: firstStep === undefined ? null : { seriesId, firstStep } };
  });
}
