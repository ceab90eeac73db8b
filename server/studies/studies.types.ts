import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { PageArgs } from '../graphql/connection.js';
import { GraphQLJSONObject } from '../graphql/scalars.js';
import { RunWhere } from '../runs/filter/where.inputs.js';

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
      '`backbones`, `seeds` and `variants`, named changes of the base (docs/api/studies.md). What is left out is taken from `base`.',
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

/** Which studies to list. */
@ArgsType()
export class StudyListArgs extends PageArgs {
  @Field(() => RunWhere, { nullable: true, description: 'Only studies with a run that meets this condition.' })
  where?: RunWhere | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only studies with a run that meets this condition, as one line of text, such as `dataset = voc and miou > ' +
      '70%` or `study contains "1/8"` (docs/api/filter.md). The same run must also meet `where`.',
  })
  query?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to return only archived studies, or only others; null returns both.',
  })
  archived?: boolean | null;
}
