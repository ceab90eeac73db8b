import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import { Study } from '../studies/study.entity.js';
import type { ComparisonsService } from './comparisons.service.js';
import { Evaluation, Subset } from './evaluation.entity.js';
import { CompareArgs, EvaluationArgs, EvaluationsArgs } from './evaluations.inputs.js';
import type { EvaluationsService } from './evaluations.service.js';
import { ClassIou, RunClassIous, StudyTable } from './evaluations.types.js';

@Resolver(() => Evaluation)
export class EvaluationsResolver {
  constructor(
    private readonly services: {
      evaluations: EvaluationsService;
      comparisons: ComparisonsService;
    },
  ) {}

  @Query(() => [RunClassIous], {
    description: 'Per-class IoU of several runs side by side, in the order asked for; subset null: VAL.',
  })
  compareClassIous(@Args(() => CompareArgs) args: CompareArgs): Promise<RunClassIous[]> {
    return this.services.comparisons.compareClassIous(args);
  }

  @FieldResolver(() => [ClassIou])
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
    description: 'The newest value (or the best, by mIoU) of a network on a subset; subset null: VAL.',
  })
  evaluation(
    @Root() run: Run,
    @Args(() => EvaluationArgs) args: EvaluationArgs,
    @Ctx() context: Context,
  ): Promise<Evaluation | null> {
    return this.services.evaluations.evaluation(context, run.id, args);
  }

  @FieldResolver(() => [Evaluation], { description: 'Oldest first.' })
  evaluations(@Root() run: Run, @Args(() => EvaluationsArgs) args: EvaluationsArgs): Promise<Evaluation[]> {
    return this.services.evaluations.evaluations(run.id, args);
  }
}

@Resolver(() => Study)
export class StudyTableResolver {
  constructor(
    private readonly services: {
      comparisons: ComparisonsService;
    },
  ) {}

  @FieldResolver(() => StudyTable)
  table(
    @Root() study: Study,
    @Arg('subset', () => Subset, { nullable: true }) subset: Subset | null,
  ): Promise<StudyTable> {
    return this.services.comparisons.table(study.id, subset ?? null);
  }
}
