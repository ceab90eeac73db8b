import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import type { Connection } from '../graphql/connection.js';
import { indicesOf } from './classes/class-names.js';
import { Evaluation } from './evaluation.entity.js';
import type { EvaluationsService } from './evaluations.service.js';
import { ClassIou } from './evaluations.types.js';
import { EvaluationImagesArgs } from './images.inputs.js';
import type { ImagesService } from './images.service.js';
import { ClassErrors, ConfusionCell, EvaluationImage, EvaluationImageConnection } from './images.types.js';

@Resolver(() => Evaluation)
export class EvaluationImagesResolver {
  constructor(
    private readonly services: {
      evaluationImages: ImagesService;
    },
  ) {}

  @FieldResolver(() => EvaluationImageConnection, {
    nullable: true,
    description:
      'The scores of each image. Null if they are not stored: a run keeps them for its newest and its best ' +
      'evaluation of each network on each subset, and its runner may be older or may have left them out ' +
      'because there are too many.',
  })
  images(
    @Root() evaluation: Evaluation,
    @Args(() => EvaluationImagesArgs) args: EvaluationImagesArgs,
    @Ctx() context: Context,
  ): Promise<Connection<EvaluationImage> | null> {
    return this.services.evaluationImages.page(context, evaluation, args);
  }
}

@Resolver(() => EvaluationImage)
export class EvaluationImageResolver {
  constructor(
    private readonly services: {
      evaluations: EvaluationsService;
    },
  ) {}

  @FieldResolver(() => [ClassIou], {
    description:
      'IoU of every class in this image, by index; null for those that neither occur nor are predicted in it.',
  })
  async classIous(@Root() { runId, classIous }: EvaluationImage, @Ctx() context: Context): Promise<ClassIou[]> {
    const classes = await this.services.evaluations.classes(context, runId);
    return classes.map(({ name, color }, classIndex) => ({ classIndex, name, color, iou: classIous[classIndex]! }));
  }

  @FieldResolver(() => [ConfusionCell], {
    description: 'The cells of its confusion matrix that are not 0, by true class, then by predicted class.',
  })
  confusion(@Root() { confusion }: EvaluationImage): ConfusionCell[] {
    return confusion;
  }

  @FieldResolver(() => ClassErrors, { description: 'How many pixels of one class are right and wrong in this image.' })
  async classErrors(
    @Root() { runId, classIous, confusion }: EvaluationImage,
    @Arg('class', () => String, { description: 'Name of the class. BAD_USER_INPUT for an unknown name.' }) name: string,
    @Ctx() context: Context,
  ): Promise<ClassErrors> {
    const [index] = indicesOf(await this.services.evaluations.classes(context, runId), [name], 'class');
    const pixelsOf = (isOf: (cell: ConfusionCell) => boolean) =>
      confusion.filter(isOf).reduce((sum, { pixels }) => sum + pixels, 0);
    const truePixels = pixelsOf(({ truth }) => truth === index);
    const predictedPixels = pixelsOf(({ prediction }) => prediction === index);
    const right = pixelsOf(({ truth, prediction }) => truth === index && prediction === index);
    const [missedPixels, falsePixels] = [truePixels - right, predictedPixels - right];
    return { truePixels, predictedPixels, missedPixels, falsePixels, iou: classIous[index!]! };
  }
}
