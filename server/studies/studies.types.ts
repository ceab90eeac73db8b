import { Field, InputType, Int } from 'type-graphql';
import { GraphQLJSONObject } from '../graphql/scalars.js';

@InputType({
  description: 'A study to create. Every combination of the matrix becomes a run, at most 500.',
})
export class CreateStudyInput {
  @Field(() => String, { description: 'Name of the study, 1 to 256 characters long.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Notes in Markdown, at most 10,000 characters. Default: empty.' })
  description?: string | null;

  @Field(() => GraphQLJSONObject, {
    description:
      'Configuration that all runs share, as described by `runConfigSchema`, but without `method`. ' +
      'If the matrix has `labelledRatios` or `splits`, `split` may only have a `seed`.',
  })
  base!: Record<string, unknown>;

  @Field(() => GraphQLJSONObject, {
    description:
      'Values to combine: `methods`, and optionally `labelledRatios` or `splits`, ' +
      '`backbones` and `seeds`. What is left out is taken from `base`.',
  })
  matrix!: Record<string, unknown>;

  @Field(() => [String], {
    nullable: true,
    description: 'Tags of every run. At most 50, each 1 to 64 characters long. Duplicates are dropped.',
  })
  tags?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Priority of every run. Higher priority runs first. Default: 0.' })
  priority?: number | null;
}
