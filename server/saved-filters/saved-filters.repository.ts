import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { SavedFilter } from './saved-filter.entity.js';

export type NewSavedFilter = Pick<SavedFilter, 'ownerId' | 'name' | 'query' | 'columns' | 'sort' | 'shared'>;

export class SavedFiltersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Those of the account and those that are shared, by name. */
  visibleTo(accountId: string): Promise<SavedFilter[]> {
    return this.dataSource
      .createQueryBuilder(SavedFilter, 'filter')
      .where('filter.owner_id = :accountId OR filter.shared', { accountId })
      .orderBy('lower(filter.name)')
      .addOrderBy('filter.id')
      .getMany();
  }

  byIds(ids: readonly string[]): Promise<SavedFilter[]> {
    return this.dataSource
      .createQueryBuilder(SavedFilter, 'filter')
      .where('filter.id = ANY(:ids)', { ids: [...ids] })
      .getMany();
  }

  /** How many filters the account has. Until the transaction ends, nobody else can count them here, so none is added meanwhile. */
  async lockAndCount(transaction: Transaction, ownerId: string): Promise<number> {
    // Filters refer to their account, which this lock allows.
    await transaction.query('/* lockOwner */ SELECT FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [ownerId]);
    return transaction.getRepository(SavedFilter).countBy({ ownerId });
  }

  byId(transaction: Transaction, id: string): Promise<SavedFilter | null> {
    return transaction.getRepository(SavedFilter).findOneBy({ id });
  }

  lock(transaction: Transaction, id: string): Promise<SavedFilter | null> {
    return transaction.getRepository(SavedFilter).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async insert(transaction: Transaction, filter: NewSavedFilter): Promise<string> {
    const result = await transaction.getRepository(SavedFilter).insert(filter);
    return result.identifiers[0]!.id as string;
  }

  async update(transaction: Transaction, id: string, change: Partial<SavedFilter>): Promise<void> {
    await transaction.getRepository(SavedFilter).update({ id }, { ...change, updatedAt: () => 'now()' });
  }

  async delete(transaction: Transaction, id: string): Promise<void> {
    await transaction.getRepository(SavedFilter).delete({ id });
  }
}
