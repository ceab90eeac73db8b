import { Args, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../context.js';
import { FollowAlarmsArgs, FollowArgs, FollowPointsArgs } from './live.inputs.js';
import {
  AlarmsMessage,
  EvaluationsMessage,
  LogMessage,
  PointsMessage,
  RaisedAlarmsMessage,
  SamplesMessage,
} from './live.types.js';
import type { LiveRunService } from './live-run.service.js';

/** type-graphql calls `subscribe` without the resolver's instance. */
const follow =
  <Given>(start: (service: LiveRunService, args: Given) => Promise<AsyncIterable<unknown>>) =>
  ({ args, context }: { args: Given; context: Context }) =>
    start(context.container.get(LiveRunResolver).services.liveRun, args);

const PROMISE =
  'After a cursor, nothing is missed and nothing is repeated (docs/live.md). Ends when the run is deleted.';

/** What is written to a run, from a cursor on. */
@Resolver()
export class LiveRunResolver {
  constructor(
    readonly services: {
      liveRun: LiveRunService;
    },
  ) {}

  @Subscription(() => PointsMessage, {
    description: `Sends the points that are added to a run. ${PROMISE}`,
    subscribe: follow<FollowPointsArgs>((service, args) => service.points(args)),
  })
  runPoints(@Root() message: PointsMessage, @Args(() => FollowPointsArgs) _args: FollowPointsArgs): PointsMessage {
    return message;
  }

  @Subscription(() => EvaluationsMessage, {
    description: `Sends the evaluations of a run that are stored or replaced. ${PROMISE}`,
    subscribe: follow<FollowArgs>((service, args) => service.evaluations(args)),
  })
  runEvaluations(@Root() message: EvaluationsMessage, @Args(() => FollowArgs) _args: FollowArgs): EvaluationsMessage {
    return message;
  }

  @Subscription(() => SamplesMessage, {
    description: `Sends the samples of a run that are stored or have changed. ${PROMISE}`,
    subscribe: follow<FollowArgs>((service, args) => service.samples(args)),
  })
  runSamples(@Root() message: SamplesMessage, @Args(() => FollowArgs) _args: FollowArgs): SamplesMessage {
    return message;
  }

  @Subscription(() => AlarmsMessage, {
    description: `Sends the alarms of a run that are raised, are over or are retracted. ${PROMISE}`,
    subscribe: follow<FollowArgs>((service, args) => service.alarms(args)),
  })
  runAlarms(@Root() message: AlarmsMessage, @Args(() => FollowArgs) _args: FollowArgs): AlarmsMessage {
    return message;
  }

  @Subscription(() => RaisedAlarmsMessage, {
    description:
      'Sends the alarms of all runs, or of one study, when they are raised. After a cursor, nothing is missed ' +
      'and nothing is repeated (docs/live.md). When a run resumes from a checkpoint, its later alarms are ' +
      'deleted, and it may raise them again.',
    subscribe: follow<FollowAlarmsArgs>((service, args) => service.raisedAlarms(args)),
  })
  alarmsRaised(
    @Root() message: RaisedAlarmsMessage,
    @Args(() => FollowAlarmsArgs) _args: FollowAlarmsArgs,
  ): RaisedAlarmsMessage {
    return message;
  }

  @Subscription(() => LogMessage, {
    description: `Sends the lines that are added to the log of a run. ${PROMISE}`,
    subscribe: follow<FollowArgs>((service, args) => service.log(args)),
  })
  runLog(@Root() message: LogMessage, @Args(() => FollowArgs) _args: FollowArgs): LogMessage {
    return message;
  }
}
