import { ArgsType, Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { GraphQLPackedFloats, GraphQLPackedInts } from '../graphql/packed-scalars.js';
import { GraphQLMetricValue } from '../graphql/scalars.js';

@InputType({
  description: 'Points of one series, as columns of equal length. A point replaces a stored one at the same step.',
})
export class PointColumnsInput {
  @Field(() => String, { description: 'Name of the series, such as `miou/branch1`: 1 to 128 printable characters.' })
  series!: string;

  @Field(() => [Int], { description: 'Steps of the points, from 0.' })
  steps!: number[];

  @Field(() => [GraphQLMetricValue], { description: 'Values of the points, which may be NaN or infinite.' })
  values!: number[];

  @Field(() => [Float], {
    nullable: true,
    description:
      "When each point was computed, in milliseconds since 1970 by the server's clock, as the runner knows it. Null: when " +
      'the server receives it. A time more than 5 s in the future is replaced.',
  })
  times?: number[] | null;
}

@InputType({
  description:
    'Points of several series, one series after the other, as columns of equal length: for large reports, because the server reads ' +
    'them several times faster than lists. A point replaces a stored one at the same step.',
})
export class PackedPointsInput {
  @Field(() => [String], {
    description: 'Names of the series, such as `miou/branch1`: each 1 to 128 printable characters.',
  })
  series!: string[];

  @Field(() => [Int], { description: 'How many of the points belong to each series, in the order of `series`.' })
  counts!: number[];

  @Field(() => GraphQLPackedInts, { description: 'Steps of the points, from 0.' })
  steps!: Int32Array;

  @Field(() => GraphQLPackedFloats, { description: 'Values of the points, which may be NaN or infinite.' })
  values!: Float64Array;

  @Field(() => GraphQLPackedFloats, {
    nullable: true,
    description:
      "When each point was computed, in milliseconds since 1970 by the server's clock, as the runner knows it. Null: when " +
      'the server receives it. A time more than 5 s in the future is replaced.',
  })
  times?: Float64Array | null;
}

export enum HistoryOrder {
  STEP = 'STEP',
  TIME = 'TIME',
}
registerEnumType(HistoryOrder, {
  name: 'HistoryOrder',
  description: 'The order of the points of a history.',
  valuesConfig: {
    STEP: { description: 'Ascending by step.' },
    TIME: { description: 'Ascending by time, then by step. Points without a time are left out.' },
  },
});

@ArgsType()
export class MetricsArgs {
  @Field(() => [String], {
    nullable: true,
    description: 'Series to return, at most 200; null returns all. Unknown names are left out.',
  })
  names?: string[] | null;

  @Field(() => Int, { defaultValue: 500, description: 'Maximum number of points per series, from 1 to 10,000.' })
  maxPoints!: number;

  @Field(() => Int, { nullable: true, description: 'First step to include; null starts at the beginning.' })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true, description: 'Last step to include; null continues to the end.' })
  toStep?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Earliest time to include, in milliseconds since 1970; null starts at the beginning. ' +
      'With it or `toTime`, points without a time are left out.',
  })
  fromTime?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Latest time to include, in milliseconds since 1970; null continues to the end.',
  })
  toTime?: number | null;

  @Field(() => HistoryOrder, { defaultValue: HistoryOrder.STEP, description: 'Order of the points.' })
  by!: HistoryOrder;
}

@ArgsType()
export class HistoriesArgs extends MetricsArgs {
  @Field(() => [ID], { description: 'Runs whose series to return, from 1 to 50. NOT_FOUND if one does not exist.' })
  runIds!: string[];
}
