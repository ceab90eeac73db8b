import { ArgsType, Field, Float, InputType, Int } from 'type-graphql';
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
}
