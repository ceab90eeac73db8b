import type { DataSource, EntityManager } from 'typeorm';

const RETRYABLE: Record<string, string> = {
  '40001': 'serialization failure',
  '40P01': 'deadlock detected',
};
const MAX_TRIES = 5;

/** Repositories write through a transaction, so that the writes of several are all stored, or none of them. */
export type Transaction = EntityManager;

/** What runs after each open transaction of `inTransaction`. */
const afterwards = new WeakMap<Transaction, (() => void)[]>();

/**
 * Runs `work` in one transaction, and rolls it back if `work` throws. After a deadlock or a serialization failure, `work`
 * runs again from the start, so it must have no effect outside the database.
 */
export function inTransaction<T>(dataSource: DataSource, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return retried(async () => {
    const committed: (() => void)[] = [];
    const result = await dataSource.transaction((transaction) => {
      afterwards.set(transaction, committed);
      return work(transaction);
    });
    for (const each of committed) each();
    return result;
  });
}

/** Runs `work` in this process once the transaction has committed, before `inTransaction` resolves. Never after a rollback. */
export function afterCommit(transaction: Transaction, work: () => void): void {
  afterwards.get(transaction)?.push(work);
}

/** Runs `work` again after a deadlock, a serialization failure, or an error with one of the codes (SQLSTATE). */
export async function retried<T>(work: () => Promise<T>, codes: readonly string[] = []): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === MAX_TRIES || !code || !(RETRYABLE[code] || codes.includes(code))) throw error;
    }
  }
}

/** Lifts the limit on the time of a statement, for this transaction. Deleting what many rows refer to takes long. */
export async function withoutTimeLimit(transaction: Transaction): Promise<void> {
  await transaction.query('/* noTimeLimit */ SET LOCAL statement_timeout = 0');
}
