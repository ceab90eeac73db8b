import type { DataSource } from 'typeorm';
import type { UploadsService } from '../blobs/uploads.service.js';
import type { CheckpointInput } from '../checkpoints/checkpoints.inputs.js';
import type { StoredKind } from '../create-module.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { badUserInput } from '../graphql/errors.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { Attempt } from './attempt.entity.js';
import type { AttemptsRepository } from './attempts.repository.js';
import { type AttemptsService, isHeld } from './attempts.service.js';
import { type AttemptReportInput, Directive, type ReportAnswer } from './attempts.types.js';
import { namedBlobs } from './named-blobs.js';
import { checkSteps } from './report-steps.js';

/** Stores reports. One transaction stores a report and its number, so that nothing is lost or stored twice. */
export class ReportsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: AttemptsRepository;
      attempts: AttemptsService;
      runs: RunsService;
      runners: RunnersService;
      uploads: UploadsService;
      reportKinds: readonly StoredKind[];
    },
  ) {}

  /**
   * Stores the report, unless it is already stored, and renews the lease. After the end of the attempt, it can only bring the
   * attempt's last checkpoint.
   * @throws FORBIDDEN for another runner's attempt; BAD_USER_INPUT for a gap in the sequence or invalid content
   */
  async report(runnerId: string, report: AttemptReportInput): Promise<ReportAnswer> {
    if (report.sequence < 1) throw badUserInput(`sequence: must be at least 1; got ${report.sequence}`);
    await this.deps.runners.markSeen(runnerId);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const attempt = await this.deps.attempts.lockOwn(transaction, runnerId, report);
      if (!isHeld(attempt, report)) return this.storeLate(transaction, attempt, report);
      if (report.sequence > attempt.sequence) await this.store(transaction, attempt, report);
      const acknowledged = Math.max(attempt.sequence, report.sequence);
      await this.deps.repository.renew(transaction, attempt.id, this.deps.attempts.lease, acknowledged);
      return { acknowledged, directive: await this.deps.attempts.directiveFor(transaction, attempt) };
    });
  }

  /** Stores a checkpoint whose bytes were still on their way when its run ended. */
  private async storeLate(
    transaction: Transaction,
    attempt: Attempt,
    report: AttemptReportInput,
  ): Promise<ReportAnswer> {
    const refused = { acknowledged: attempt.sequence, directive: Directive.LEASE_LOST };
    const checkpoint = lateCheckpoint(report);
    if (!checkpoint || attempt.fence !== report.fence) return refused;
    // No later attempt of the run begins from now on.
    await this.deps.runs.lock(transaction, attempt.runId);
    if (!(await this.deps.repository.takesLateCheckpoint(transaction, attempt.id))) return refused;
    const { sha256, step } = checkpoint;
    if (!(await this.deps.uploads.hasSentCheckpoint(transaction, attempt.id, sha256, step))) return refused;
    if (report.sequence > attempt.sequence) await this.store(transaction, attempt, report);
    const acknowledged = Math.max(attempt.sequence, report.sequence);
    await this.deps.repository.setSequence(transaction, attempt.id, acknowledged);
    return { acknowledged, directive: Directive.CONTINUE };
  }

  private async store(transaction: Transaction, attempt: Attempt, report: AttemptReportInput): Promise<void> {
    if (report.sequence !== attempt.sequence + 1) {
      throw badUserInput(
        `sequence: must be ${attempt.sequence + 1}, the next after the newest stored report; got ${report.sequence}`,
      );
    }
    const run = await this.deps.runs.lock(transaction, attempt.runId);
    checkSteps(report, run.iterations);
    await this.deps.uploads.requireFor(transaction, attempt, namedBlobs(report));
    const change = await this.deps.runs.beginChange(transaction, run.id, report.step ?? null);
    const place = { transaction, run, attempt, change };
    const parts: string[] = [];
    for (const { field, record } of this.deps.reportKinds) {
      const content = report[field as keyof AttemptReportInput];
      if (isEmpty(content)) continue;
      await record(place, content);
      parts.push(field);
    }
    await this.deps.runs.publishChanged(transaction, run, { change, parts });
  }
}

function isEmpty(content: unknown): boolean {
  return content === null || content === undefined || (Array.isArray(content) && content.length === 0);
}

/** The checkpoint of a report that holds nothing else; null if it holds anything else. */
function lateCheckpoint(report: AttemptReportInput): CheckpointInput | null {
  const {
    attemptId: _id,
    fence: _fence,
    sequence: _sequence,
    checkpoint,
    ...rest
  } = report as AttemptReportInput & {
    checkpoint?: CheckpointInput | null;
  };
  return checkpoint && Object.values(rest).every(isEmpty) ? checkpoint : null;
}
