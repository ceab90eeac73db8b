import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { EvaluationImage } from '../evaluations/images.types.js';
import type { ComparedSamplesService } from './compared-samples.service.js';
import { CompareSamplesArgs, SampleComparison } from './compared-samples.types.js';
import type { SamplesService } from './samples.service.js';
import { Sample } from './samples.types.js';

@Resolver(() => EvaluationImage)
export class ComparedSamplesResolver {
  constructor(
    private readonly services: {
      samples: SamplesService;
      comparedSamples: ComparedSamplesService;
    },
  ) {}

  @Query(() => SampleComparison, {
    description: 'What several runs predict for the same image at the same step, or at the nearest one.',
  })
  compareSamples(
    @Args(() => CompareSamplesArgs) args: CompareSamplesArgs,
    @Ctx() context: Context,
  ): Promise<SampleComparison> {
    return this.services.comparedSamples.compare(context, args);
  }

  @FieldResolver(() => Sample, {
    nullable: true,
    description:
      'The sample of this image at the step of the evaluation, or at the nearest one: see its `step`. ' +
      'Null if the run has no samples of the image.',
  })
  sample(@Root() image: EvaluationImage, @Ctx() context: Context): Promise<Sample | null> {
    return this.services.samples.nearest(context, image);
  }
}
