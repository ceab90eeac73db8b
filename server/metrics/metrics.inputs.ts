import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { GraphQLMetricValue } from '../graphql/scalars.js';

@InputType({ description: 'New points of one series, as columns of equal length.' })
export class PointColumnsInput {
  @Field(() => String)
  series!: string;

  @Field(() => [Int])
  steps!: number[];

  @Field(() => [GraphQLMetricValue])
  values!: number[];
}

@ArgsType()
export class MetricsArgs {
  @Field(() => [String], { nullable: true })
  names?: string[] | null;

  @Field(() => Int, { defaultValue: 500 })
  maxPoints!: number;

  @Field(() => Int, { nullable: true })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true })
  toStep?: number | null;
}
