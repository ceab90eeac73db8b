import { Field, Int, ObjectType } from 'type-graphql';
import { Run } from '../runs/run.entity.js';

@ObjectType({ description: 'Runs of a study that a mutation queued, or would queue.' })
export class QueuedRuns {
  @Field(() => Boolean, { description: 'Whether nothing was queued, because `dryRun` was true.' })
  dryRun!: boolean;

  @Field(() => Int, { description: 'Number of runs that were queued, or would be: those of `missing` and `retried`.' })
  count!: number;

  @Field(() => [String], {
    description: 'Names of the runs of the matrix that did not exist, in the order of the matrix.',
  })
  missing!: string[];

  @Field(() => [Run], { description: 'The runs that were created for `missing`; empty in a dry run.' })
  created!: Run[];

  @Field(() => [Run], {
    description:
      'Failed and, if asked for, canceled runs that were queued again, by number. In a dry run, they are unchanged.',
  })
  retried!: Run[];
}
