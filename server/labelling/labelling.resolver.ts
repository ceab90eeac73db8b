import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import type { LabellingService } from './labelling.service.js';
import { ImageToLabel, SuspiciousLabel } from './labelling.types.js';

const FIRST = { defaultValue: 20, description: 'How many, from 1 to 100.' };

@Resolver(() => Run)
export class LabellingResolver {
  constructor(
    private readonly services: {
      labelling: LabellingService;
    },
  ) {}

  @FieldResolver(() => [ImageToLabel], {
    description:
      'The unlabelled training images that are most worth labelling, by what the networks made of them at the end of the run. ' +
      'Empty before, and if the run has reviewed none (`training.reviewImages`).',
  })
  labelNext(
    @Root() run: Run,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('forClass', () => String, {
      nullable: true,
      description:
        'Name of a class of which more labels are wanted; null looks for all, rare ones first. BAD_USER_INPUT for an unknown name.',
    })
    forClass: string | null,
    @Ctx() context: Context,
  ): Promise<ImageToLabel[]> {
    return this.services.labelling.labelNext(context, run.id, first, forClass ?? null);
  }

  @FieldResolver(() => [SuspiciousLabel], {
    description:
      'The labelled training images whose labels the networks doubt, the most suspicious first. Empty before the end of the run.',
  })
  suspiciousLabels(
    @Root() run: Run,
    @Arg('first', () => Int, FIRST) first: number,
    @Ctx() context: Context,
  ): Promise<SuspiciousLabel[]> {
    return this.services.labelling.suspiciousLabels(context, run.id, first);
  }
}
