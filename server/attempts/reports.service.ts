import type { DataSource } from 'typeorm';
import type { AlarmsService } from '../alarms/alarms.service.js';
import type { CheckpointsService } from '../checkpoints/checkpoints.service.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import { badUserInput } from '../graphql/errors.js';
import type { LogsService } from '../logs/logs.service.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import type { PseudoLabelsService } from '../pseudo-labels/pseudo-labels.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { Run } from '../runs/run.entity.js';
import type { RunsRepository } from '../runs/runs.repository.js';
import type { RunsService } from '../runs/runs.service.js';
import type { SamplesService } from '../samples/samples.service.js';
import type { Attempt } from './attempt.entity.js';
import type { AttemptsRepository } from './attempts.repository.js';
import { type AttemptsService, isHeld } from './attempts.service.js';
import { type AttemptReportInput, Directive, type ReportAnswer, type RunSetupInput } from './attempts.types.js';

/** Where a report's parts are stored. */
export interface Results {
  metrics: MetricsService;
  evaluations: EvaluationsService;
  pseudoLabels: PseudoLabelsService;
  alarms: AlarmsService;
  samples: SamplesService;
  logs: LogsService;
  checkpoints: CheckpointsService;
}

/** Takes what runners report: a report is one transaction together with its number, so nothing is lost or doubled. */
export class ReportsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly attempts: AttemptsRepository,
    private readonly runs: RunsRepository,
    private readonly attemptsService: AttemptsService,
    private readonly runsService: RunsService,
    private readonly runnersService: RunnersService,
    private readonly results: Results,
    private readonly leaseSeconds: number,
  ) {}

  /**
   * Stores the report, unless it was seen already, and renews the lease.
   * @throws FORBIDDEN for another runner's attempt; BAD_USER_INPUT for a gap in the sequence or bad content
   */
  async report(runnerId: string, report: AttemptReportInput): Promise<ReportAnswer> {
    await this.runnersService.markSeen(runnerId);
    return inTransaction(this.dataSource, async (transaction) => {
      const attempt = await this.attemptsService.lockOwn(transaction, runnerId, report);
      if (!isHeld(attempt, report)) return { acknowledged: attempt.sequence, directive: Directive.LEASE_LOST };
      if (report.sequence > attempt.sequence) await this.store(transaction, attempt, report);
      const acknowledged = Math.max(attempt.sequence, report.sequence);
      await this.attempts.renew(transaction, attempt.id, this.leaseSeconds, acknowledged);
      return { acknowledged, directive: await this.attemptsService.directiveFor(transaction, attempt) };
    });
  }

  private async store(transaction: Transaction, attempt: Attempt, report: AttemptReportInput): Promise<void> {
    if (report.sequence !== attempt.sequence + 1) {
      throw badUserInput(`sequence: ${report.sequence} leaves a gap; ${attempt.sequence} is the newest that is stored`);
    }
    const run = await this.runsService.lock(transaction, attempt.runId);
    await this.runs.update(transaction, run.id, { ...progress(report.step, run), ...setUp(report.setup) });
    const { metrics, evaluations, pseudoLabels, alarms, samples, logs, checkpoints } = this.results;
    if (report.points?.length) await metrics.record(transaction, run.id, report.points);
    for (const evaluation of report.evaluations ?? []) await evaluations.record(transaction, run, evaluation);
    for (const labels of report.pseudoLabels ?? []) await pseudoLabels.record(transaction, run, labels);
    for (const alarm of report.alarms ?? []) await alarms.record(transaction, run, alarm);
    for (const sample of report.samples ?? []) await samples.record(transaction, run.id, sample);
    if (report.log?.length) await logs.record(transaction, run.id, attempt.fence, report.log);
    const further = report.checkpoint && (await checkpoints.record(transaction, run.id, attempt.id, report.checkpoint));
    if (further) await this.runs.update(transaction, run.id, { lostAttempts: 0 });
    await this.runsService.publishChanged(transaction, run);
  }
}

function progress(step: number | null | undefined, run: Run): Partial<Run> {
  if (step === null || step === undefined) return { step: run.step };
  if (step >= 0 && step <= run.iterations) return { step };
  throw badUserInput(`step: must be between 0 and the run's ${run.iterations} iterations; got ${step}`);
}

function setUp(input: RunSetupInput | null | undefined): Partial<Run> {
  if (!input) return {};
  const { splitHash, ...setup } = input;
  return { splitHash, setup };
}
