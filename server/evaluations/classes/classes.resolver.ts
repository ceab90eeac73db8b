import { Args, Ctx, FieldResolver, Float, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context.js';
import { GraphQLSafeInt } from '../../graphql/scalars.js';
import { Evaluation } from '../evaluation.entity.js';
import type { ClassHistoriesService } from './class-histories.service.js';
import { ClassHistoriesArgs, RunClassHistory } from './class-histories.types.js';
import { ClassesArgs, MostConfusedArgs } from './classes.inputs.js';
import type { ClassesService } from './classes.service.js';
import { ClassScores, ConfusedPair, ConfusionMatrix } from './classes.types.js';
import { predictionShares, submatrix, truthShares } from './confusion-matrix.js';

@Resolver(() => Evaluation)
export class ClassesResolver {
  constructor(
    private readonly services: {
      classes: ClassesService;
      classHistories: ClassHistoriesService;
    },
  ) {}

  @Query(() => [RunClassHistory], {
    description: 'IoU, precision and recall of classes over the steps of several runs, in the order of `runIds`.',
  })
  classHistories(
    @Args(() => ClassHistoriesArgs) args: ClassHistoriesArgs,
    @Ctx() { budget }: Context,
  ): Promise<RunClassHistory[]> {
    return this.services.classHistories.histories(budget, args);
  }

  @FieldResolver(() => ClassScores, { description: 'IoU, precision and recall of classes, as columns.' })
  classScores(
    @Root() evaluation: Evaluation,
    @Args(() => ClassesArgs) { classes }: ClassesArgs,
    @Ctx() context: Context,
  ): Promise<ClassScores> {
    return this.services.classes.scores(context, evaluation, classes);
  }

  @FieldResolver(() => ConfusionMatrix, { description: 'The confusion matrix, whole or of some classes.' })
  confusionMatrix(
    @Root() evaluation: Evaluation,
    @Args(() => ClassesArgs) { classes }: ClassesArgs,
    @Ctx() context: Context,
  ): Promise<ConfusionMatrix> {
    return this.services.classes.matrix(context, evaluation, classes);
  }

  @FieldResolver(() => [ConfusedPair], {
    description: 'The pairs of classes that are confused most. Pairs without pixels are left out.',
  })
  mostConfused(
    @Root() evaluation: Evaluation,
    @Args(() => MostConfusedArgs) args: MostConfusedArgs,
    @Ctx() context: Context,
  ): Promise<ConfusedPair[]> {
    return this.services.classes.mostConfused(context, evaluation, args);
  }
}

@Resolver(() => ConfusionMatrix)
export class ConfusionMatrixResolver {
  @FieldResolver(() => [GraphQLSafeInt], { description: 'Pixels in each cell.' })
  counts(@Root() { whole, classesInAll, chosen }: ConfusionMatrix): number[] {
    return submatrix(whole, classesInAll, chosen);
  }

  @FieldResolver(() => [Float], {
    nullable: 'items',
    description:
      "Each cell's share of the pixels of its true class, in [0, 1]: normalised by row, over all columns of the dataset. " +
      'Recall is on the diagonal. Null in the row of a class that does not occur.',
  })
  truthShares(@Root() { whole, classesInAll, chosen }: ConfusionMatrix): (number | null)[] {
    return submatrix(truthShares(whole, classesInAll), classesInAll, chosen);
  }

  @FieldResolver(() => [Float], {
    nullable: 'items',
    description:
      "Each cell's share of the pixels predicted as its class, in [0, 1]: normalised by column, over all rows of the " +
      'dataset. Precision is on the diagonal. Null in the column of a class that is never predicted.',
  })
  predictionShares(@Root() { whole, classesInAll, chosen }: ConfusionMatrix): (number | null)[] {
    return submatrix(predictionShares(whole, classesInAll), classesInAll, chosen);
  }
}
