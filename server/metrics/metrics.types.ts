import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { GraphQLMetricValue } from '../graphql/scalars.js';

/** A range of steps, both ends included. */
export interface StepRange {
  fromStep: number;
  toStep: number;
}

/** A range of steps and of times, in milliseconds since 1970. With one of the times, points without a time are outside. */
export interface PointRange extends StepRange {
  fromTime?: number | null;
  toTime?: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A named scalar of a run, with its newest value. docs/metrics.md lists the names.',
})
export class Series {
  id!: number;

  @Field(() => String, { description: 'Name of the series, such as `miou/branch1`.' })
  name!: string;

  @Field(() => Int, { description: 'Step of the newest point.' })
  lastStep!: number;

  @Field(() => GraphQLMetricValue, { description: 'Value of the newest point.' })
  lastValue!: number;
}

@ObjectType({
  description: 'Points of one series, as columns of equal length: `values[i]` is the value at `steps[i]`.',
})
export class MetricHistory {
  @Field(() => String, { description: 'Name of the series, such as `miou/branch1`.' })
  name!: string;

  @Field(() => [Int], { description: 'Steps of the points, ascending unless they were asked for by time.' })
  steps!: number[];

  @Field(() => [GraphQLMetricValue], { description: 'Values of the points, which may be NaN or infinite.' })
  values!: number[];

  @Field(() => [Float], {
    nullable: 'items',
    description:
      "When each point was computed, in milliseconds since 1970 by the server's clock. For those of older runners, when the " +
      'server received them; null for points that were stored by a version that recorded no times.',
  })
  times!: (number | null)[];

  @Field(() => Int, { description: 'Number of points before they were reduced.' })
  total!: number;
}

@ObjectType({
  description: 'Points of one series of a run, as columns of equal length: `values[i]` is the value at `steps[i]`.',
})
export class RunHistory extends MetricHistory {
  @Field(() => ID, { description: 'Run that the series belongs to.' })
  runId!: string;
}
