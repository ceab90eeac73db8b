import { ArgsType, Field, ID, Int } from 'type-graphql';

const RUN = 'Run to follow. NOT_FOUND if it does not exist.';
const NAMES = 'Series to return, at most 200; null returns all. Unknown names are left out.';
const AFTER = 'The `cursor` of the last message that was received; null sends a message with `reset` first.';

@ArgsType()
export class RunMetricsArgs {
  @Field(() => ID, { description: RUN })
  runId!: string;

  @Field(() => [String], { nullable: true, description: NAMES })
  names?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Send the points that are stored after this step first; null sends only new points.',
  })
  sinceStep?: number | null;
}

@ArgsType()
export class FollowArgs {
  @Field(() => ID, { description: RUN })
  runId!: string;

  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;
}

@ArgsType()
export class FollowPointsArgs extends FollowArgs {
  @Field(() => [String], { nullable: true, description: NAMES })
  names?: string[] | null;
}

@ArgsType()
export class FollowAlarmsArgs {
  @Field(() => ID, { nullable: true, description: 'Only send alarms of runs of this study; null sends all.' })
  studyId?: string | null;

  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;
}
