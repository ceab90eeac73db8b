import type { AlarmsService } from '../alarms/alarms.service.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { Events } from '../events/events.js';
import { notFound } from '../graphql/errors.js';
import type { LogsService } from '../logs/logs.service.js';
import { checkNames, type MetricsService } from '../metrics/metrics.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { SamplesService } from '../samples/samples.service.js';
import type { FollowArgs, FollowPointsArgs } from './live.inputs.js';
import type { AlarmsMessage, EvaluationsMessage, LogMessage, PointsMessage, SamplesMessage } from './live.types.js';
import { pointsLog } from './points-log.js';
import { followRun, type Progress, type RunLog } from './run-log.js';
import type { LiveStream } from './sharing/live-stream.js';

type Content<Message> = Omit<Message, keyof Progress>;

/** Serves the subscriptions to what is written to a run. Each has a cursor, from which a client continues after it was disconnected. */
export class LiveRunService {
  constructor(
    private readonly deps: {
      events: Events;
      runs: RunsService;
      metrics: MetricsService;
      evaluations: EvaluationsService;
      samples: SamplesService;
      alarms: AlarmsService;
      logs: LogsService;
    },
  ) {}

  /** @throws NOT_FOUND; BAD_USER_INPUT for too many names or a cursor of something else */
  async points({ runId, names = null, after }: FollowPointsArgs): Promise<LiveStream<PointsMessage>> {
    checkNames(names);
    const log = pointsLog(this.deps.metrics, await this.idOf(runId), names);
    return followRun(this.deps.events, log, after ?? null, () => this.exists(log.runId));
  }

  /** @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  evaluations(args: FollowArgs): Promise<LiveStream<EvaluationsMessage>> {
    return this.changes('runEvaluations', ['evaluations'], args, { evaluations: [] }, async (runId, from, to) => {
      const evaluations = await this.deps.evaluations.changed(runId, from, to);
      return evaluations.length > 0 ? { evaluations } : null;
    });
  }

  /** @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  samples(args: FollowArgs): Promise<LiveStream<SamplesMessage>> {
    return this.changes('runSamples', ['samples'], args, { samples: [] }, async (runId, from, to) => {
      const samples = await this.deps.samples.changed(runId, from, to);
      return samples.length > 0 ? { samples } : null;
    });
  }

  /** @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  alarms(args: FollowArgs): Promise<LiveStream<AlarmsMessage>> {
    const nothing = { alarms: [], retracted: [] };
    return this.changes('runAlarms', ['alarms', 'alarmEnds'], args, nothing, async (runId, from, to) => {
      const changed = await this.deps.alarms.changed(runId, from, to);
      return changed.alarms.length > 0 || changed.retracted.length > 0 ? changed : null;
    });
  }

  /** The log. Its numbers are the ids of lines. @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  async log({ runId: given, after }: FollowArgs): Promise<LiveStream<LogMessage>> {
    const { events, logs } = this.deps;
    const runId = await this.idOf(given);
    const log: RunLog<Content<LogMessage>> = {
      ...{ kind: 'runLog', runId, nothing: { lines: [] } },
      listen: (_, heard) =>
        events.on('run.changed', (event) => event.runId === runId && event.parts?.includes('log') && heard()),
      newest: () => logs.newestId(runId),
      read: async (from, to) => {
        const { lines, upTo } = await logs.between(runId, from, to);
        return { upTo, content: lines.length > 0 ? { lines } : null };
      },
    };
    return followRun(events, log, after ?? null, () => this.exists(runId));
  }

  /** Rows that have the number of the change that wrote them last. */
  private async changes<Of extends object>(
    kind: string,
    parts: readonly string[],
    { runId: given, after }: FollowArgs,
    nothing: Of,
    changed: (runId: string, from: number, to: number) => Promise<Of | null>,
  ): Promise<LiveStream<Of & Progress>> {
    const { events, runs } = this.deps;
    const runId = await this.idOf(given);
    const log: RunLog<Of> = {
      ...{ kind, runId, nothing },
      listen: (_, heard) =>
        events.on('run.changed', (event) => {
          if (event.runId === runId && event.parts?.some((part) => parts.includes(part))) heard(event.change);
        }),
      newest: () => runs.newestChange(runId),
      read: async (from, to) => ({ upTo: to, content: await changed(runId, from, to) }),
    };
    return followRun(events, log, after ?? null, () => this.exists(runId));
  }

  private async exists(runId: string): Promise<boolean> {
    return (await this.deps.runs.byId(runId)) !== null;
  }

  /** The id as the database writes it. @throws NOT_FOUND */
  private async idOf(runId: string): Promise<string> {
    const run = await this.deps.runs.byId(runId);
    if (!run) throw notFound('run', runId);
    return run.id;
  }
}
