import type { AlarmsService } from '../alarms/alarms.service.js';
import type { ChangeRange } from '../database/changes.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { Events } from '../events/events.js';
import { notFound } from '../graphql/errors.js';
import { checkFilterId } from '../graphql/ids.js';
import type { LogsService } from '../logs/logs.service.js';
import { checkNames, type MetricsService } from '../metrics/metrics.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { SamplesService } from '../samples/samples.service.js';
import type { FollowAlarmsArgs, FollowArgs, FollowPointsArgs } from './live.inputs.js';
import type {
  AlarmsMessage,
  EvaluationsMessage,
  LogMessage,
  PointsMessage,
  RaisedAlarmsMessage,
  SamplesMessage,
} from './live.types.js';
import { pointsLog } from './points-log.js';
import { followLog, followRun, type Progress, type WrittenLog } from './run-log.js';
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
    return followRun(this.deps.events, log, after ?? null, () => this.exists(log.of));
  }

  /** @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  evaluations(args: FollowArgs): Promise<LiveStream<EvaluationsMessage>> {
    return this.changes('runEvaluations', ['evaluations'], args, { evaluations: [] }, async (range) => {
      const { evaluations, upTo } = await this.deps.evaluations.changed(range);
      return { upTo, content: evaluations.length > 0 ? { evaluations } : null };
    });
  }

  /** @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  samples(args: FollowArgs): Promise<LiveStream<SamplesMessage>> {
    return this.changes('runSamples', ['samples'], args, { samples: [] }, async (range) => {
      const { samples, upTo } = await this.deps.samples.changed(range);
      return { upTo, content: samples.length > 0 ? { samples } : null };
    });
  }

  /** @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  alarms(args: FollowArgs): Promise<LiveStream<AlarmsMessage>> {
    const nothing = { alarms: [], retracted: [] };
    return this.changes('runAlarms', ['alarms', 'alarmEnds'], args, nothing, async (range) => {
      const { upTo, ...changed } = await this.deps.alarms.changed(range);
      return { upTo, content: changed.alarms.length > 0 || changed.retracted.length > 0 ? changed : null };
    });
  }

  /**
   * The alarms of all runs, or of one study, numbered in the order in which they are raised.
   * @throws BAD_USER_INPUT for an invalid id, or a cursor of something else
   */
  async raisedAlarms({ studyId = null, after }: FollowAlarmsArgs): Promise<LiveStream<RaisedAlarmsMessage>> {
    checkFilterId('studyId', studyId);
    const { alarms, events } = this.deps;
    const log: WrittenLog<Content<RaisedAlarmsMessage>> = {
      ...{ kind: 'alarmsRaised', of: studyId ?? '', nothing: { alarms: [] } },
      listen: (_, heard) =>
        events.on('alarms.raised', (event) => (studyId === null || event.studyId === studyId) && heard(event.number)),
      newest: () => alarms.newestNumber(),
      read: async (from, to) => {
        const { alarms: raised, upTo } = await alarms.raised(from, to, studyId);
        return { upTo, content: raised.length > 0 ? { alarms: raised } : null };
      },
    };
    return followLog(events, log, after ?? null);
  }

  /** The log. Its numbers are the ids of lines. @throws NOT_FOUND; BAD_USER_INPUT for a cursor of something else */
  async log({ runId: given, after }: FollowArgs): Promise<LiveStream<LogMessage>> {
    const { events, logs } = this.deps;
    const runId = await this.idOf(given);
    const log: WrittenLog<Content<LogMessage>> = {
      ...{ kind: 'runLog', of: runId, nothing: { lines: [] } },
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
    read: (range: ChangeRange) => Promise<{ upTo: number; content: Of | null }>,
  ): Promise<LiveStream<Of & Progress>> {
    const { events, runs } = this.deps;
    const runId = await this.idOf(given);
    const log: WrittenLog<Of> = {
      ...{ kind, of: runId, nothing },
      listen: (_, heard) =>
        events.on('run.changed', (event) => {
          if (event.runId === runId && event.parts?.some((part) => parts.includes(part))) heard(event.change);
        }),
      newest: () => runs.newestChange(runId),
      read: (from, to) => read({ runId, from, to }),
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
