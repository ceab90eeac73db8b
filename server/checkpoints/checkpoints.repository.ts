import type { Transaction } from '../database/transaction.js';
import { Checkpoint } from './checkpoint.entity.js';
import type { CheckpointInput } from './checkpoints.inputs.js';

export class CheckpointsRepository {
  async insert(transaction: Transaction, runId: string, attemptId: string, input: CheckpointInput): Promise<void> {
    const { step, sha256, bytes } = input;
    await transaction.getRepository(Checkpoint).insert({ runId, attemptId, step, sha256, bytes });
  }

  /** Deletes all but the newest `count` checkpoints. Of several at the same step, only the newest counts. */
  async keepNewest(transaction: Transaction, runId: string, count: number): Promise<void> {
    await transaction.query(
      `/* keepNewestCheckpoints */ DELETE FROM checkpoints WHERE run_id = $1 AND id NOT IN (
         SELECT max(id) FROM checkpoints WHERE run_id = $1 GROUP BY step ORDER BY max(id) DESC LIMIT $2)`,
      [runId, count],
    );
  }

  /** The checkpoint that was reported last. After a restart from the beginning, others may have a later step. */
  newest(transaction: Transaction, runId: string): Promise<Checkpoint | null> {
    return transaction.getRepository(Checkpoint).findOne({ where: { runId }, order: { id: 'DESC' } });
  }
}
