import type { DataSource } from 'typeorm';
import type { ReportPart } from '../create-module.js';
import { type Prepared, queryPrepared, queryPreparedIn } from '../database/prepared.js';
import { retried, type Transaction } from '../database/transaction.js';
import type { Lease } from './attempts.repository.js';
import type { AttemptReportInput } from './attempts.types.js';
import { reportStatement, reportValues, type Stored } from './report-statement.js';
import { stepRange } from './report-steps.js';

/** Stores that an attempt has sent a report. */
export class ReportsRepository {
  private readonly statements = new Map<string, Prepared>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores the report and a part of it, in a transaction of its own. Null if nothing was stored.
   * @param fields the names of what the report contains
   */
  async storeAtOnce(
    runnerId: string,
    report: AttemptReportInput,
    lease: Lease,
    fields: readonly string[],
    part: ReportPart | null,
  ): Promise<Stored | null> {
    const values = [...reportValues(runnerId, report, lease, stepRange(report), fields), ...(part?.values ?? [])];
    const [stored] = await retried(() => queryPrepared<Stored>(this.dataSource, this.statement(part), values));
    return stored ?? null;
  }

  /** Stores the report without its contents, whose names are `fields`, within the caller's transaction. Null if nothing was stored. */
  async store(
    transaction: Transaction,
    runnerId: string,
    report: AttemptReportInput,
    lease: Lease,
    fields: readonly string[],
  ): Promise<Stored | null> {
    const values = reportValues(runnerId, report, lease, stepRange(report), fields);
    const [stored] = await queryPreparedIn<Stored>(transaction, this.statement(null), values);
    return stored ?? null;
  }

  private statement(part: ReportPart | null): Prepared {
    const name = part?.name ?? '';
    const known = this.statements.get(name) ?? reportStatement(part);
    this.statements.set(name, known);
    return known;
  }
}
