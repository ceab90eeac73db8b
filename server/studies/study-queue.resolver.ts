import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { accountOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { GraphQLJSONObject } from '../graphql/scalars.js';
import type { StudyQueueService } from './study-queue.service.js';
import { QueuedRuns } from './study-queue.types.js';

@Resolver()
export class StudyQueueResolver {
  constructor(
    private readonly services: {
      studyQueue: StudyQueueService;
    },
  ) {}

  @Mutation(() => QueuedRuns, {
    description:
      'Queues what a study lacks: runs of its matrix that do not exist, for example because they were deleted, and its FAILED ' +
      'runs, which resume from their newest checkpoint. Idempotent: a second call finds nothing left to queue. New runs have ' +
      'the tags that all runs of the study share, and priority 0.',
  })
  queueMissingRuns(
    @Arg('studyId', () => ID, { description: 'Study to complete. NOT_FOUND if it does not exist.' }) studyId: string,
    @Arg('canceled', () => Boolean, { defaultValue: false, description: 'Queue CANCELED runs again, too.' })
    canceled: boolean,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: 'Only return what would be queued.' })
    dryRun: boolean,
    @Ctx() { principal }: Context,
  ): Promise<QueuedRuns> {
    return this.services.studyQueue.queueMissing(studyId, { canceled, dryRun }, accountOf(principal).accountId);
  }

  @Mutation(() => QueuedRuns, {
    description:
      "Adds values to the axes of a study's matrix, and queues the runs that they add. Values that the matrix already has " +
      'change nothing, so it is idempotent. CONFLICT for a study of an earlier version, whose matrix was not stored.',
  })
  extendStudy(
    @Arg('id', () => ID, { description: 'Study to extend. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('matrix', () => GraphQLJSONObject, {
      description:
        'Values to add: any of `methods`, `labelledRatios` or `splits`, `backbones` and `seeds`. An axis that the matrix does ' +
        'not have yet begins with the value of the base.',
    })
    matrix: Record<string, unknown>,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: 'Only return what would be queued.' })
    dryRun: boolean,
    @Ctx() { principal }: Context,
  ): Promise<QueuedRuns> {
    return this.services.studyQueue.extend(id, matrix, dryRun, accountOf(principal).accountId);
  }
}
