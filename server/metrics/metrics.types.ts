import { Field, Int, ObjectType } from 'type-graphql';
import { GraphQLMetricValue } from '../graphql/scalars.js';

@ObjectType({ description: 'A named scalar of a run, with its newest value.' })
export class Series {
  @Field(() => String)
  name!: string;

  @Field(() => Int)
  points!: number;

  @Field(() => Int)
  lastStep!: number;

  @Field(() => GraphQLMetricValue)
  lastValue!: number;
}

@ObjectType({ description: 'Columns of equal length; steps ascend. total: points before reduction.' })
export class MetricHistory {
  @Field(() => String)
  name!: string;

  @Field(() => [Int])
  steps!: number[];

  @Field(() => [GraphQLMetricValue])
  values!: number[];

  @Field(() => Int)
  total!: number;
}
