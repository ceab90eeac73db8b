import { Arg, Args, ID, Resolver, Root, Subscription } from 'type-graphql';
import { Alarm } from '../alarms/alarm.entity.js';
import type { Principal } from '../auth/principal.js';
import type { Context } from '../context.js';
import { MetricHistory } from '../metrics/metrics.types.js';
import { Runner } from '../runners/runner.entity.js';
import { RunWhere } from '../runs/filter/where.inputs.js';
import { Run } from '../runs/run.entity.js';
import { Study } from '../studies/study.entity.js';
import { RunMetricsArgs } from './live.inputs.js';
import type { LiveService } from './live.service.js';
import type { LiveMetricsService } from './live-metrics.service.js';

/** type-graphql calls `subscribe` without the resolver's instance, and its type does not allow a promise. */
const live =
  (listen: (service: LiveService, args: Record<string, string | null>, principal: Principal) => unknown) =>
  ({ args, context }: { args: unknown; context: Context }) =>
    listen(
      context.container.get(LiveResolver).services.live,
      args as Record<string, string | null>,
      context.principal,
    ) as AsyncIterable<unknown>;

@Resolver()
export class LiveResolver {
  constructor(
    readonly services: {
      live: LiveService;
      liveMetrics: LiveMetricsService;
    },
  ) {}

  @Subscription(() => Run, {
    description:
      'Sends the run as it is now, and again whenever it is edited, or its state, progress or results change. Changes that follow each other ' +
      'quickly arrive as one. Ends when the run is deleted.',
    subscribe: live((service, { runId }) => service.run(runId!)),
  })
  runChanged(
    @Root() run: Run,
    @Arg('runId', () => ID, { description: 'Run to follow. NOT_FOUND if it does not exist.' }) _runId: string,
  ): Run {
    return run;
  }

  @Subscription(() => Run, {
    description:
      'Sends a run when it is created or edited, and when its state, progress or results change. Changes of a ' +
      'run that follow each other quickly arrive as one. With a condition, a run is sent if it meets the ' +
      'condition after the change. Nothing is sent when it stops meeting it.',
    subscribe: live((service, { studyId, where, query }) =>
      service.runs(studyId ?? null, { where: where as unknown as RunWhere | null, query: query ?? null }),
    ),
  })
  runsChanged(
    @Root() run: Run,
    @Arg('studyId', () => ID, { nullable: true, description: 'Only send runs of this study; null sends all.' })
    _studyId: string | null,
    @Arg('where', () => RunWhere, { nullable: true, description: 'Only send runs that meet this condition.' })
    _where: RunWhere | null,
    @Arg('query', () => String, {
      nullable: true,
      description: 'Only send runs that also meet this condition, as one line of text (docs/api/filter.md).',
    })
    _query: string | null,
  ): Run {
    return run;
  }

  @Subscription(() => Alarm, {
    deprecationReason: 'Use alarmsRaised. Removed in 0.3.',
    description:
      'Sends each alarm when it is raised. When a run resumes from a checkpoint, its later alarms are deleted, ' +
      'and it may raise them again. Alarms that are raised while a client is disconnected are not sent.',
    subscribe: live((service, { studyId }) => service.alarms(studyId ?? null)),
  })
  alarmRaised(
    @Root() alarm: Alarm,
    @Arg('studyId', () => ID, {
      nullable: true,
      description: 'Only send alarms of runs of this study; null sends all.',
    })
    _studyId: string | null,
  ): Alarm {
    return alarm;
  }

  @Subscription(() => ID, {
    description: 'Sends the id of each run that is deleted.',
    subscribe: live((service) => service.deletedRuns()),
  })
  runDeleted(@Root() runId: string): string {
    return runId;
  }

  @Subscription(() => Runner, {
    description:
      'Sends a runner whenever something about it changes, `lastSeenAt` included. Removed runners are not sent.',
    subscribe: live((service) => service.runners()),
  })
  runnersChanged(@Root() runner: Runner): Runner {
    return runner;
  }

  @Subscription(() => Boolean, {
    description:
      'Sends true whenever a run may be waiting in the queue, so that runners try to claim one. ' +
      'A runner hears only of runs that fit its pool, engine, datasets and `configVersion`.',
    subscribe: live((service, _, principal) => service.queued(principal.kind === 'runner' ? principal.runnerId : null)),
  })
  runQueued(@Root() queued: boolean): boolean {
    return queued;
  }

  @Subscription(() => Study, {
    description:
      'Sends the study as it is now, and again whenever it or one of its runs changes, so that its table can be followed. Changes that ' +
      'follow each other quickly arrive as one. Ends when the study is deleted.',
    subscribe: live((service, { studyId }) => service.study(studyId!)),
  })
  studyChanged(
    @Root() study: Study,
    @Arg('studyId', () => ID, { description: 'Study to follow. NOT_FOUND if it does not exist.' }) _studyId: string,
  ): Study {
    return study;
  }

  @Subscription(() => [MetricHistory], {
    deprecationReason: 'Use runPoints. Removed in 0.3.',
    description:
      'Sends new points of a run. A resumed run reports some steps again; such a point replaces the earlier one. If a batch has more ' +
      'than 2,000 points of a series, they are reduced. Ends when the run is deleted.',
    subscribe: ({ args, context }: { args: RunMetricsArgs; context: Context }) =>
      context.container.get(LiveResolver).services.liveMetrics.points(args),
  })
  runMetrics(@Root() histories: MetricHistory[], @Args(() => RunMetricsArgs) _args: RunMetricsArgs): MetricHistory[] {
    return histories;
  }
}
