import { ArgsType, Field, ID, Int } from 'type-graphql';

@ArgsType()
export class RunMetricsArgs {
  @Field(() => ID, { description: 'Run to follow. NOT_FOUND if it does not exist.' })
  runId!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Series to return, at most 200; null returns all. Unknown names are left out.',
  })
  names?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Send the points that are stored after this step first; null sends only new points.',
  })
  sinceStep?: number | null;
}
