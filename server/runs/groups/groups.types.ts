import { ArgsType, Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PageArgs } from '../../graphql/connection.js';
import { GraphQLFieldValue } from '../../graphql/scalars.js';
import type { FieldValue } from '../filter/field-value.js';
import { RunWhere } from '../filter/where.inputs.js';
import { RunCounts } from '../run-counts.js';

export enum BestValue {
  HIGHEST = 'HIGHEST',
  LOWEST = 'LOWEST',
}

registerEnumType(BestValue, {
  name: 'BestValue',
  description: 'Which value is the best one.',
  valuesConfig: {
    HIGHEST: { description: 'The highest, as for scores.' },
    LOWEST: { description: 'The lowest, as for losses.' },
  },
});

@ObjectType({
  description:
    'Statistics of a number over the runs of a group that have it. Numbers that are NaN or beyond ±1e150 are ' +
    'only counted in `diverged`.',
})
export class RunStatistic {
  @Field(() => Int, { description: 'Number of values that the statistics are computed from.' })
  n!: number;

  @Field(() => Float, { nullable: true, description: 'Mean; null if n is 0.' })
  mean!: number | null;

  @Field(() => Float, { nullable: true, description: 'Sample standard deviation (n − 1); null if n is below 2.' })
  std!: number | null;

  @Field(() => Float, { nullable: true, description: 'The lowest value; null if n is 0.' })
  minimum!: number | null;

  @Field(() => Float, { nullable: true, description: 'The highest value; null if n is 0.' })
  maximum!: number | null;

  @Field(() => Int, { description: 'Number of values that are left out: NaN, infinite, or beyond ±1e150.' })
  diverged!: number;
}

@ObjectType({ description: 'Runs that have the same values of some fields.' })
export class RunGroup {
  @Field(() => [GraphQLFieldValue], {
    nullable: 'items',
    description: 'The values that the runs share, in the order of `by`; null for a field that they lack.',
  })
  key!: FieldValue[];

  @Field(() => Int, { description: 'Number of runs in the group.' })
  count!: number;

  @Field(() => RunCounts, { description: 'How many of the runs are in each state.' })
  states!: RunCounts;

  @Field(() => [RunStatistic], { description: 'Statistics of the numbers in `values`, in their order.' })
  values!: RunStatistic[];

  /** The run with the best first value. */
  bestId!: string | null;
}

/** Which runs to group, by what, and which page of the groups. */
@ArgsType()
export class RunGroupsArgs extends PageArgs {
  @Field(() => [String], {
    description:
      'Fields that the runs of a group share, 1 to 10 of them, such as `method` or `network.width` (docs/api/runs.md). ' +
      'A list counts as one value.',
  })
  by!: string[];

  @Field(() => [String], {
    defaultValue: [],
    description: 'Numbers to compute statistics of, at most 20, such as `miou`, `iou("pole")` or `duration`.',
  })
  values!: string[];

  @Field(() => BestValue, {
    defaultValue: BestValue.HIGHEST,
    description: 'Whether the best run of a group has the highest or the lowest first number of `values`.',
  })
  best!: BestValue;

  @Field(() => RunWhere, { nullable: true, description: 'Only runs that meet this condition.' })
  where?: RunWhere | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only runs that also meet this condition, as one line of text (docs/api/filter.md).',
  })
  query?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What groups are sorted by, as one line of text: fields in `by`, numbers in `values` (their means), and ' +
      '`count`. The default is `by`. Groups without a value come last in either direction.',
  })
  sort?: string | null;
}
