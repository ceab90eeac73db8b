import { Field, Int, ObjectType } from 'type-graphql';
import { Predictor } from '../evaluations/evaluation.entity.js';

@ObjectType({ description: 'What one network predicts for a sample.' })
export class SamplePrediction {
  @Field(() => Predictor, { description: 'Network that made the prediction.' })
  network!: Predictor;

  @Field(() => String, {
    description:
      'Path of the predicted label map, to append to the address of the server. It is a palette PNG of class indices.',
  })
  url!: string;
}

@ObjectType({ description: 'A validation image, and what the networks predict for it at a step.' })
export class Sample {
  @Field(() => String, { description: 'Identifies the image within its dataset.' })
  imageId!: string;

  @Field(() => Int, { description: 'Step at which the predictions were made.' })
  step!: number;

  @Field(() => Int, { description: 'Width of the image in pixels.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the image in pixels.' })
  height!: number;

  @Field(() => String, { description: 'Path of the image, to append to the address of the server. It is an RGB PNG.' })
  inputUrl!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Path of the ground truth, to append to the address of the server. It is a palette ' +
      'PNG of class indices. Null if the image has no label.',
  })
  groundTruthUrl!: string | null;

  @Field(() => [SamplePrediction], { description: 'One prediction per network.' })
  predictions!: SamplePrediction[];
}
