import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'How many of some runs are in each state.' })
export class RunCounts {
  @Field(() => Int, { description: 'Runs that are QUEUED.' })
  queued!: number;

  @Field(() => Int, { description: 'Runs that are RUNNING. Includes runs being canceled (CANCELING).' })
  running!: number;

  @Field(() => Int, { description: 'Runs that are COMPLETED.' })
  completed!: number;

  @Field(() => Int, { description: 'Runs that are FAILED.' })
  failed!: number;

  @Field(() => Int, { description: 'Runs that are CANCELED.' })
  canceled!: number;

  @Field(() => Int, { description: 'Runs in any state.' })
  total!: number;
}

/** Counts rows of runs in SQL, for the fields of RunCounts. */
export const COUNT_RUNS = `(count(*) FILTER (WHERE state = 'QUEUED'))::int AS queued,
  (count(*) FILTER (WHERE state IN ('RUNNING', 'CANCELING')))::int AS running,
  (count(*) FILTER (WHERE state = 'COMPLETED'))::int AS completed,
  (count(*) FILTER (WHERE state = 'FAILED'))::int AS failed,
  (count(*) FILTER (WHERE state = 'CANCELED'))::int AS canceled,
  count(*)::int AS total`;
