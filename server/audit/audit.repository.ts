import type { DataSource } from 'typeorm';
import { inTransaction, withoutTimeLimit } from '../database/transaction.js';
import type { AuditFilter } from './audit.inputs.js';
import { AuditEntry, type NewAuditEntry } from './audit-entry.entity.js';

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

  /** Up to `limit` entries before this id, newest first, and the total number of entries. */
  async page(filter: AuditFilter, before: number | null, limit: number): Promise<[AuditEntry[], number]> {
    const query = this.dataSource.createQueryBuilder(AuditEntry, 'entry');
    const { accountId, operation, from, to } = filter;
    if (accountId) query.andWhere('entry.account_id = :accountId', { accountId });
    if (operation) query.andWhere('entry.operation = :operation', { operation });
    if (from) query.andWhere('entry.at >= :from', { from });
    if (to) query.andWhere('entry.at < :to', { to });
    const total = await query.getCount();
    if (before !== null) query.andWhere('entry.id < :before', { before });
    return [await query.orderBy('entry.id', 'DESC').limit(limit).getMany(), total];
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
