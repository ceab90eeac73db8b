import type { DataSource } from 'typeorm';
import type { Change } from '../audit/changes.js';
import type { Transaction } from '../database/transaction.js';
import { Edit } from './edit.entity.js';

/** The kinds of objects that have a history. */
export type Edited = 'run' | 'study';

export class EditsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(transaction: Transaction, kind: Edited, accountId: string, changes: readonly Change[]): Promise<void> {
    await transaction.query(
      `/* insertEdits */ INSERT INTO edits (account_id, ${kind}_id, field, old, new)
       SELECT $1, change.target, change.field, change.old, change.new
       FROM jsonb_to_recordset($2) AS change (target uuid, field text, old jsonb, new jsonb)`,
      [accountId, JSON.stringify(changes)],
    );
  }

  /** Up to `first` edits of each of them before the edit `before`, newest first. */
  async of(kind: Edited, ids: readonly string[], first: number, before: number | null): Promise<Edit[]> {
    const columns = 'edit.id, edit.at, edit.account_id AS "accountId", edit.field, edit.old, edit.new';
    const rows = await this.dataSource.query<Edit[]>(
      `/* editsOf */ SELECT ${columns}, edit.run_id AS "runId", edit.study_id AS "studyId"
       FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
         SELECT * FROM edits WHERE ${kind}_id = asked.id AND ($3::bigint IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $2) edit ORDER BY edit.id DESC`,
      [ids, first, before],
    );
    return rows.map((row) => Object.assign(new Edit(), row));
  }
}
