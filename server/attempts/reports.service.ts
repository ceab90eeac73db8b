import type { DataSource } from 'typeorm';
import type { UploadsService } from '../blobs/uploads.service.js';
import type { CheckpointInput } from '../checkpoints/checkpoints.inputs.js';
import type { ReportPart, ReportPlace, StoredKind } from '../create-module.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { AppError, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { Attempt } from './attempt.entity.js';
import type { AttemptsRepository } from './attempts.repository.js';
import { type AttemptsService, directiveOf, isHeld } from './attempts.service.js';
import { type AttemptReportInput, Directive, type ReportAnswer } from './attempts.types.js';
import { namedBlobs } from './named-blobs.js';
import { checkSteps } from './report-steps.js';
import type { ReportsRepository } from './reports.repository.js';

/** Stores reports. One transaction stores a report and its number, so that nothing is lost or stored twice. */
export class ReportsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: AttemptsRepository;
      stored: ReportsRepository;
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
    if (report.sequence < 1) throw refusal('TOO_SMALL', { field: 'sequence', min: 1, value: report.sequence });
    const atOnce = await this.storeAtOnce(runnerId, report);
    if (atOnce) return atOnce;
    await this.deps.runners.markSeen(runnerId);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const attempt = await this.deps.attempts.lockOwn(transaction, runnerId, report);
      if (!isHeld(attempt, report)) return this.storeLate(transaction, attempt, report);
      if (report.sequence > attempt.sequence) return this.store(transaction, attempt, report);
      await this.deps.repository.renew(transaction, attempt.id, this.deps.attempts.lease, attempt.sequence);
      const directive = await this.deps.attempts.directiveFor(transaction, attempt);
      return { acknowledged: attempt.sequence, directive };
    });
  }

  /**
   * Stores the report in one statement. Null if that has stored nothing, or is not possible: it is invalid, there is more than one
   * statement to do, or it is not the next report of an active attempt.
   */
  private async storeAtOnce(runnerId: string, report: AttemptReportInput): Promise<ReportAnswer | null> {
    if (!isId(report.attemptId)) return null;
    const contents = this.contents(report);
    if (contents.length > 1) return null;
    const [content] = contents;
    let part: ReportPart | null = null;
    if (content) {
      part = (await content.kind.prepare?.(report.attemptId, content.value).catch(onlyRefusals)) ?? null;
      if (!part) return null;
    }
    const stored = await this.deps.stored.storeAtOnce(
      runnerId,
      report,
      this.deps.attempts.lease,
      fieldsOf(contents),
      part,
    );
    if (!stored) return null;
    part?.stored(stored.runId, stored);
    return { acknowledged: report.sequence, directive: directiveOf(stored) };
  }

  /** Stores the next report of a locked attempt. */
  private async store(transaction: Transaction, attempt: Attempt, report: AttemptReportInput): Promise<ReportAnswer> {
    checkNext(attempt, report);
    const stored = await this.deps.stored.store(
      transaction,
      attempt.runnerId!,
      report,
      this.deps.attempts.lease,
      fieldsOf(this.contents(report)),
    );
    if (!stored) {
      const run = await this.deps.runs.lock(transaction, attempt.runId);
      checkSteps(report, run.iterations);
      throw new Error(`report ${report.sequence} of attempt ${attempt.id} was not stored, for no known reason`);
    }
    const { runId: id, datasetId, studyId, change } = stored;
    await this.recordContents({ transaction, run: { id, datasetId, studyId }, attempt, change }, attempt, report);
    return { acknowledged: report.sequence, directive: directiveOf(stored) };
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
    const run = await this.deps.runs.lock(transaction, attempt.runId);
    if (!(await this.deps.repository.takesLateCheckpoint(transaction, attempt.id))) return refused;
    const { sha256, step } = checkpoint;
    if (!(await this.deps.uploads.hasSentCheckpoint(transaction, attempt.id, sha256, step))) return refused;
    const acknowledged = Math.max(attempt.sequence, report.sequence);
    if (report.sequence > attempt.sequence) {
      checkNext(attempt, report);
      checkSteps(report, run.iterations);
      const change = await this.deps.runs.beginChange(transaction, run.id, null);
      await this.recordContents({ transaction, run, attempt, change }, attempt, report);
      await this.deps.runs.publishChanged(transaction, run);
      await this.deps.repository.setSequence(transaction, attempt.id, acknowledged);
    }
    return { acknowledged, directive: Directive.CONTINUE };
  }

  private async recordContents(place: ReportPlace, attempt: Attempt, report: AttemptReportInput): Promise<void> {
    await this.deps.uploads.requireFor(place.transaction, attempt, namedBlobs(report));
    for (const { kind, value } of this.contents(report)) await kind.record(place, value);
  }

  /** What the report contains, in the order in which it is stored. */
  private contents(report: AttemptReportInput): { kind: StoredKind; value: unknown }[] {
    return this.deps.reportKinds
      .map((kind) => ({ kind, value: report[kind.field as keyof AttemptReportInput] as unknown }))
      .filter(({ value }) => !isEmpty(value));
  }
}

const fieldsOf = (contents: readonly { kind: StoredKind }[]) => contents.map(({ kind }) => kind.field);

/** @throws BAD_USER_INPUT if a report is missing before this one */
function checkNext(attempt: Attempt, { sequence }: AttemptReportInput): void {
  const next = attempt.sequence + 1;
  if (sequence === next) return;
  throw refusal('REPORT_SKIPPED', { next, sequence });
}

/** Invalid content matters only if the report is the next one of an active attempt. Then, recording it fails too. */
function onlyRefusals(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
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
