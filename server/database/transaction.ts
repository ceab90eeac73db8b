import type { DataSource, EntityManager } from 'typeorm';

const RETRYABLE: Record<string, string> = {
  '40001': 'serialization failure',
  '40P01': 'deadlock detected',
};
const MAX_TRIES = 5;

/** What repositories write through, so that what several of them write is stored together or not at all. */
export type Transaction = EntityManager;

/**
 * Runs `work` in one transaction, which is rolled back when it throws. A deadlock is nobody's fault: it is tried again
 * from the start, so `work` must have no effect outside the database.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === MAX_TRIES || !code || !RETRYABLE[code]) throw error;
    }
  }
}
