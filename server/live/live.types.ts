import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Alarm } from '../alarms/alarm.entity.js';
import { Evaluation } from '../evaluations/evaluation.entity.js';
import { LogLine } from '../logs/log-line.entity.js';
import { MetricHistory } from '../metrics/metrics.types.js';
import { Sample } from '../samples/samples.types.js';

@ObjectType()
abstract class LiveMessage {
  @Field(() => String, {
    description: 'Where to continue after this message: pass it as `after`. docs/live.md describes the guarantees.',
  })
  cursor!: string;

  @Field(() => Boolean, {
    description:
      'True if something before `cursor` was not sent: read it with a query. It is true in the first message of a ' +
      'subscription without `after`.',
  })
  reset!: boolean;
}

@ObjectType({ description: 'Points that were added to a run. Apply `cutAfter` first, then add the points.' })
export class PointsMessage extends LiveMessage {
  @Field(() => Int, {
    description:
      'How many reports were left out, because their points are no longer kept in order. 0 unless `reset` is true.',
  })
  skipped!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Step after which all earlier points were deleted, because the run resumed from there; null if none were.',
  })
  cutAfter!: number | null;

  @Field(() => [MetricHistory], {
    description: 'New points, by name. They are not reduced. A point replaces the earlier one at its step.',
  })
  histories!: MetricHistory[];
}

@ObjectType({ description: 'Evaluations of a run that are new or were replaced.' })
export class EvaluationsMessage extends LiveMessage {
  @Field(() => [Evaluation], {
    description: 'In the order in which they were stored. One replaces the earlier one with its id.',
  })
  evaluations!: Evaluation[];
}

@ObjectType({ description: 'Samples of a run that are new or have changed.' })
export class SamplesMessage extends LiveMessage {
  @Field(() => [Sample], {
    description: 'By step and image id. One replaces the earlier one of its step and image id.',
  })
  samples!: Sample[];
}

@ObjectType({ description: 'Alarms of a run that were raised, are over or were retracted.' })
export class AlarmsMessage extends LiveMessage {
  @Field(() => [Alarm], {
    description: 'Alarms that are new or have changed. One replaces the earlier one with its id.',
  })
  alarms!: Alarm[];

  @Field(() => [ID], {
    description:
      'Ids of alarms that were deleted, because the run resumed from an earlier step. Some may never have been sent.',
  })
  retracted!: string[];
}

@ObjectType({ description: 'Alarms, in the order in which they were raised.' })
export class RaisedAlarmsMessage extends LiveMessage {
  @Field(() => [Alarm], {
    description:
      'The alarms as they are now. Alarms that have been deleted since, because their run resumed or was ' +
      'deleted, are left out.',
  })
  alarms!: Alarm[];
}

@ObjectType({ description: 'New lines of the log of a run.' })
export class LogMessage extends LiveMessage {
  @Field(() => [LogLine], { description: 'In the order in which they were written.' })
  lines!: LogLine[];
}
