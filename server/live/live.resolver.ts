import { Arg, Args, ID, Resolver, Root, Subscription } from 'type-graphql';
import { Alarm } from '../alarms/alarm.entity.js';
import type { Context } from '../context.js';
import { MetricHistory } from '../metrics/metrics.types.js';
import { Runner } from '../runners/runner.entity.js';
import { Run } from '../runs/run.entity.js';
import { RunMetricsArgs } from './live.inputs.js';
import type { LiveService } from './live.service.js';
import type { LiveMetricsService } from './live-metrics.service.js';

/** type-graphql starts a subscription without its resolver's instance, and does not know that it may need a promise. */
const live =
  (listen: (service: LiveService, args: Record<string, string | null>) => unknown) =>
  ({ args, context }: { args: unknown; context: Context }) =>
    listen(
      context.container.get(LiveResolver).services.live,
      args as Record<string, string | null>,
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
    description: 'The run now, and whenever its state, progress, evaluations, alarms or samples change.',
    subscribe: live((service, { runId }) => service.run(runId!)),
  })
  runChanged(@Root() run: Run, @Arg('runId', () => ID) _runId: string): Run {
    return run;
  }

  @Subscription(() => Run, {
    description: 'Any run of the study (of all studies when null).',
    subscribe: live((service, { studyId }) => service.runs(studyId ?? null)),
  })
  runsChanged(@Root() run: Run, @Arg('studyId', () => ID, { nullable: true }) _studyId: string | null): Run {
    return run;
  }

  @Subscription(() => Alarm, {
    description:
      'Each alarm that a run of the study (of any study when null) raises. A run that goes on from a checkpoint takes its ' +
      'later alarms back, and may raise them again.',
    subscribe: live((service, { studyId }) => service.alarms(studyId ?? null)),
  })
  alarmRaised(@Root() alarm: Alarm, @Arg('studyId', () => ID, { nullable: true }) _studyId: string | null): Alarm {
    return alarm;
  }

  @Subscription(() => ID, { subscribe: live((service) => service.deletedRuns()) })
  runDeleted(@Root() runId: string): string {
    return runId;
  }

  @Subscription(() => Runner, { subscribe: live((service) => service.runners()) })
  runnersChanged(@Root() runner: Runner): Runner {
    return runner;
  }

  @Subscription(() => Boolean, {
    description: 'For runners: work may be waiting.',
    subscribe: live((service) => service.queued()),
  })
  runQueued(@Root() queued: boolean): boolean {
    return queued;
  }

  @Subscription(() => [MetricHistory], {
    description:
      'New points of a run, at most about five batches a second; with sinceStep, what is stored after it comes first. ' +
      'Points of steps that were sent before replace them: a resumed run reports some steps again.',
    subscribe: ({ args, context }: { args: RunMetricsArgs; context: Context }) =>
      context.container.get(LiveResolver).services.liveMetrics.points(args),
  })
  runMetrics(@Root() histories: MetricHistory[], @Args(() => RunMetricsArgs) _args: RunMetricsArgs): MetricHistory[] {
    return histories;
  }
}
