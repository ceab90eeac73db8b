import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLJSONObject } from '../graphql/scalars.js';

@InputType({
  description:
    'base: a run configuration without its method, and without its split, but for a seed, where the matrix names splits; ' +
    'matrix: {methods, labelledRatios or splits, backbones, seeds}, every combination one run.',
})
export class CreateStudyInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => GraphQLJSONObject)
  base!: Record<string, unknown>;

  @Field(() => GraphQLJSONObject)
  matrix!: Record<string, unknown>;

  @Field(() => [String], { nullable: true })
  tags?: string[] | null;

  @Field(() => Int, { nullable: true })
  priority?: number | null;
}

@ObjectType()
export class RunCounts {
  @Field(() => Int)
  queued!: number;

  @Field(() => Int, { description: 'With those that wind down.' })
  running!: number;

  @Field(() => Int)
  completed!: number;

  @Field(() => Int)
  failed!: number;

  @Field(() => Int)
  canceled!: number;

  @Field(() => Int)
  total!: number;
}
