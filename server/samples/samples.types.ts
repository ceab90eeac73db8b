import { Field, Int, ObjectType } from 'type-graphql';
import { Predictor } from '../evaluations/evaluation.entity.js';

@ObjectType()
export class SamplePrediction {
  @Field(() => Predictor)
  network!: Predictor;

  @Field(() => String, { description: 'Palette PNG of class indices.' })
  url!: string;
}

@ObjectType({ description: 'A fixed image and what the networks predicted at a step.' })
export class Sample {
  @Field(() => String)
  imageId!: string;

  @Field(() => Int)
  step!: number;

  @Field(() => Int)
  width!: number;

  @Field(() => Int)
  height!: number;

  @Field(() => String)
  inputUrl!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Palette PNG of class indices; null when the image has no label.',
  })
  groundTruthUrl!: string | null;

  @Field(() => [SamplePrediction])
  predictions!: SamplePrediction[];
}
