import type { DataSource } from 'typeorm';
import { EntityReader } from '../database/entity-reader.js';
import type { Transaction } from '../database/transaction.js';
import { Account, type Role } from './account.entity.js';

export class AccountsRepository {
  private readonly reader: EntityReader<Account>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Account, 'account');
  }

  /** By name. */
  all(): Promise<Account[]> {
    return this.dataSource.createQueryBuilder(Account, 'account').orderBy('lower(account.name)').getMany();
  }

  byId(id: string, transaction: Transaction = this.dataSource.manager): Promise<Account | null> {
    return transaction.getRepository(Account).findOneBy({ id });
  }

  byIds(ids: readonly string[]): Promise<Account[]> {
    return this.reader.find('accountsByIds', 'FROM accounts account WHERE account.id = ANY ($1)', [ids]);
  }

  byName(name: string, transaction: Transaction = this.dataSource.manager): Promise<Account | null> {
    return transaction
      .createQueryBuilder(Account, 'account')
      .where('lower(account.name) = lower(:name)', { name })
      .getOne();
  }

  /** Inserts an account unless there is one of this name. Returns whether it did. */
  async insert(transaction: Transaction, account: { name: string; role: Role; share: number }): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      `/* insertAccount */ INSERT INTO accounts (name, role, share) VALUES ($1, $2, $3)
       ON CONFLICT (lower(name)) DO NOTHING RETURNING id`,
      [account.name, account.role, account.share],
    );
    return rows.length === 1;
  }

  async update(transaction: Transaction, id: string, change: Partial<Pick<Account, 'role' | 'share'>>): Promise<void> {
    await transaction.getRepository(Account).update({ id }, change);
  }

  /** Keeps the time of an account that is disabled already. */
  async setDisabled(transaction: Transaction, id: string, disabled: boolean): Promise<void> {
    await transaction.query(
      `/* setAccountDisabled */ UPDATE accounts
       SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END WHERE id = $1`,
      [id, disabled],
    );
  }
}
