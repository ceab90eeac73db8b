import type { DataSource } from 'typeorm';
import type { StoredKind } from '../create-module.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { badUserInput } from '../graphql/errors.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import type { Attempt } from './attempt.entity.js';
import type { AttemptsRepository } from './attempts.repository.js';
import { type AttemptsService, isHeld } from './attempts.service.js';
import { type AttemptReportInput, Directive, type ReportAnswer } from './attempts.types.js';

/** Stores reports. One transaction stores a report and its number, so that nothing is lost or stored twice. */
export class ReportsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: AttemptsRepository;
      attempts: AttemptsService;
      runs: RunsService;
      runners: RunnersService;
      reportKinds: readonly StoredKind[];
      leaseSeconds: number;
    },
  ) {}

  /**
   * Stores the report, unless it is already stored, and renews the lease.
   * @throws FORBIDDEN for another runner's attempt; BAD_USER_INPUT for a gap in the sequence or invalid content
   */
  async report(runnerId: string, report: AttemptReportInput): Promise<ReportAnswer> {
    await this.deps.runners.markSeen(runnerId);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const attempt = await this.deps.attempts.lockOwn(transaction, runnerId, report);
      if (!isHeld(attempt, report)) return { acknowledged: attempt.sequence, directive: Directive.LEASE_LOST };
      if (report.sequence > attempt.sequence) await this.store(transaction, attempt, report);
      const acknowledged = Math.max(attempt.sequence, report.sequence);
      await this.deps.repository.renew(transaction, attempt.id, this.deps.leaseSeconds, acknowledged);
      return { acknowledged, directive: await this.deps.attempts.directiveFor(transaction, attempt) };
    });
  }

  private async store(transaction: Transaction, attempt: Attempt, report: AttemptReportInput): Promise<void> {
    if (report.sequence !== attempt.sequence + 1) {
      throw badUserInput(
        `sequence: must be ${attempt.sequence + 1}, the next after the newest stored report; got ${report.sequence}`,
      );
    }
    const run = await this.deps.runs.lock(transaction, attempt.runId);
    await this.deps.runs.update(transaction, run.id, progress(report.step, run));
    const place = { transaction, run, attempt };
    for (const { field, record } of this.deps.reportKinds) {
      const content = report[field as keyof AttemptReportInput];
      if (!isEmpty(content)) await record(place, content);
    }
    await this.deps.runs.publishChanged(transaction, run);
  }
}

function progress(step: number | null | undefined, run: Run): Partial<Run> {
  if (step === null || step === undefined) return { step: run.step };
  if (step >= 0 && step <= run.iterations) return { step };
  throw badUserInput(`step: must be between 0 and the run's ${run.iterations} iterations; got ${step}`);
}

function isEmpty(content: unknown): boolean {
  return content === null || content === undefined || (Array.isArray(content) && content.length === 0);
}
