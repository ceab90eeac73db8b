import { ArgsType, Field, ID, Int } from 'type-graphql';

@ArgsType()
export class RunMetricsArgs {
  @Field(() => ID)
  runId!: string;

  @Field(() => [String], { nullable: true })
  names?: string[] | null;

  @Field(() => Int, { nullable: true })
  sinceStep?: number | null;
}
