import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';
import type { ComparisonsService } from './comparisons.service.js';
import { Evaluation } from './evaluation.entity.js';
import { CompareArgs, EvaluationArgs, EvaluationsArgs } from './evaluations.inputs.js';
import type { EvaluationsService } from './evaluations.service.js';
import { ClassIou, RunClassIous } from './evaluations.types.js';

@Resolver(() => Evaluation)
export class EvaluationsResolver {
  constructor(
    private readonly services: {
      evaluations: EvaluationsService;
      comparisons: ComparisonsService;
    },
  ) {}

  @Query(() => [RunClassIous], {
    description:
      'One evaluation of each run, to compare the IoU of classes, in the ' +
      'order of `runIds`. NOT_FOUND if a run does not exist.',
  })
  compareClassIous(@Args(() => CompareArgs) args: CompareArgs, @Ctx() context: Context): Promise<RunClassIous[]> {
    return this.services.comparisons.compareClassIous(context, args);
  }

  @FieldResolver(() => [GraphQLSafeInt], {
    description:
      'Confusion matrix in pixels, row by row: `confusion[truth * ' +
      'classes + prediction]`. Ignored pixels are not counted.',
    deprecationReason: 'Use confusionMatrix { counts }. Removed in 0.3.',
  })
  confusion(@Root() evaluation: Evaluation, @Ctx() context: Context): Promise<number[]> {
    return this.services.evaluations.confusion(context, evaluation.id);
  }

  @FieldResolver(() => [ClassIou], { description: 'IoU of every class, by index.' })
  classIous(@Root() evaluation: Evaluation, @Ctx() context: Context): Promise<ClassIou[]> {
    return this.services.evaluations.classIous(context, evaluation);
  }
}

@Resolver(() => Run)
export class RunEvaluationsResolver {
  constructor(
    private readonly services: {
      evaluations: EvaluationsService;
    },
  ) {}

  @FieldResolver(() => Evaluation, {
    nullable: true,
    description: 'One evaluation of a network on a subset; null if there is none.',
  })
  evaluation(
    @Root() run: Run,
    @Args(() => EvaluationArgs) args: EvaluationArgs,
    @Ctx() context: Context,
  ): Promise<Evaluation | null> {
    return this.services.evaluations.evaluation(context, run.id, args);
  }

  @FieldResolver(() => [Evaluation], { description: 'All evaluations of the run, oldest first.' })
  evaluations(
    @Root() run: Run,
    @Args(() => EvaluationsArgs) args: EvaluationsArgs,
    @Ctx() context: Context,
  ): Promise<Evaluation[]> {
    return this.services.evaluations.evaluations(context, run.id, args);
  }
}
