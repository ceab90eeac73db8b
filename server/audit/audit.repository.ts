import type { DataSource } from 'typeorm';
import { inTransaction, withoutTimeLimit } from '../database/transaction.js';
import type { Connection, PageArgs } from '../graphql/connection.js';
import { isId } from '../graphql/ids.js';
import { type RowOrder, sqlConnection } from '../graphql/sql-connection.js';
import type { AuditFilter } from './audit.inputs.js';
import { AuditEntry, type NewAuditEntry } from './audit-entry.entity.js';

/** The order of entries. There is only one. */
const NEWEST_FIRST: RowOrder = {
  order: 'AUDIT DESC',
  direction: 'DESC',
  expression: '(entry.id)',
  type: 'bigint',
  id: null,
};

export class AuditRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(entry: NewAuditEntry): Promise<void> {
    await this.dataSource.query(
      `/* insertAuditEntry */ INSERT INTO audit_log
         (account_id, token_id, runner_id, address, operation, targets, arguments, outcome, changes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[entry.accountId, entry.tokenId, entry.runnerId, entry.address, entry.operation, entry.targets],
        ...[JSON.stringify(entry.arguments), entry.outcome, JSON.stringify(entry.changes)],
      ],
    );
  }

  /** Newest first. @throws BAD_USER_INPUT for an invalid page */
  page(filter: AuditFilter, args: PageArgs): Promise<Connection<AuditEntry>> {
    const query = this.dataSource.createQueryBuilder(AuditEntry, 'entry');
    const { accountId, operation, from, to } = filter;
    if (accountId && isId(accountId)) query.andWhere('entry.account_id = :accountId', { accountId });
    else if (accountId) query.andWhere('FALSE');
    if (operation) query.andWhere('entry.operation = :operation', { operation });
    if (from) query.andWhere('entry.at >= :from', { from });
    if (to) query.andWhere('entry.at < :to', { to });
    return sqlConnection(query, NEWEST_FIRST, args);
  }

  /** Deletes entries older than this, and returns how many. */
  async deleteOlderThan(days: number): Promise<number> {
    return inTransaction(this.dataSource, async (transaction) => {
      // With a lower AUDIT_DAYS, there may be years of entries to delete.
      await withoutTimeLimit(transaction);
      const [, count] = await transaction.query<[unknown, number]>(
        '/* deleteOldAuditEntries */ DELETE FROM audit_log WHERE at < now() - make_interval(days => $1)',
        [days],
      );
      return count;
    });
  }
}
