import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';

@ObjectType({ description: 'A cell of a confusion matrix that is not 0.' })
export class ConfusionCell {
  @Field(() => Int, { description: 'Index of the true class in the dataset, from 0.' })
  truth!: number;

  @Field(() => Int, { description: 'Index of the predicted class in the dataset, from 0.' })
  prediction!: number;

  @Field(() => GraphQLSafeInt, { description: 'Pixels of the true class that were predicted as the predicted class.' })
  pixels!: number;
}

@ObjectType({ description: 'How many pixels of one class are right and wrong in an image.' })
export class ClassErrors {
  @Field(() => GraphQLSafeInt, { description: 'Pixels whose label is the class.' })
  truePixels!: number;

  @Field(() => GraphQLSafeInt, { description: 'Pixels that were predicted as the class.' })
  predictedPixels!: number;

  @Field(() => GraphQLSafeInt, { description: 'Pixels of the class that were predicted as another.' })
  missedPixels!: number;

  @Field(() => GraphQLSafeInt, { description: 'Pixels of other classes that were predicted as the class.' })
  falsePixels!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Intersection over union, in [0, 1]; null if the class neither occurs nor is predicted in the image.',
  })
  iou!: number | null;
}

/** The scores of one image. Its `classIous` and `cells` become fields of the API in images.resolver.ts. */
@ObjectType({ description: 'The scores of one image in an evaluation.' })
export class EvaluationImage {
  @Field(() => String, { description: 'Identifies the image within its dataset.' })
  imageId!: string;

  @Field(() => GraphQLSafeInt, { description: 'Number of its pixels, without ignored ones.' })
  pixels!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Mean IoU (mIoU) of the classes that occur or are predicted in the image, in [0, 1]; null if there are none. ' +
      'The mean over images is not the mIoU of the evaluation.',
  })
  meanIou!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of its pixels that were predicted correctly, in [0, 1]; null if there are no pixels.',
  })
  pixelAccuracy!: number | null;

  runId!: string;
  /** Of the evaluation. */
  step!: number;
  classIous!: (number | null)[];
  confusion!: ConfusionCell[];
}

export const EvaluationImageConnection = connectionOf(EvaluationImage, 'EvaluationImage');
