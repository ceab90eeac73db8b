import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { RUNNER_FITS } from './runner-fits.js';

export class PlacementsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The placements of those of the runs that are queued. */
  async ofRuns(transaction: Transaction, runIds: readonly string[]): Promise<number[]> {
    const rows = await transaction.query<{ id: number }[]>(
      `/* placementsOfRuns */ SELECT DISTINCT placement_id AS id FROM runs
       WHERE id = ANY ($1) AND placement_id IS NOT NULL`,
      [runIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Those of the runners that fit at least one of the placements and are neither draining nor paused. */
  async fittingRunners(placementIds: readonly number[], runnerIds: readonly string[]): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `/* fittingRunners */ SELECT runner.id FROM runners runner
       WHERE runner.id = ANY ($2) AND NOT runner.draining AND NOT runner.paused
         AND EXISTS (SELECT FROM placements placement WHERE placement.id = ANY ($1) AND ${RUNNER_FITS})`,
      [placementIds, runnerIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes the placements that are older than `days` and have no queued runs. Skips those that are being used. */
  async deleteUnused(days: number): Promise<void> {
    await inTransaction(this.dataSource, async (transaction) => {
      const unused = `NOT EXISTS (SELECT FROM runs WHERE placement_id = placement.id)`;
      const rows = await transaction.query<{ id: number }[]>(
        `/* lockUnusedPlacements */ SELECT id FROM placements placement
         WHERE created_at < now() - make_interval(days => $1) AND ${unused} FOR UPDATE SKIP LOCKED`,
        [days],
      );
      if (rows.length === 0) return;
      // A run may have been queued there before the lock. From now on, queueing one waits for this transaction.
      await transaction.query(
        `/* deleteUnusedPlacements */ DELETE FROM placements placement WHERE id = ANY ($1) AND ${unused}`,
        [rows.map(({ id }) => id)],
      );
    });
  }
}
