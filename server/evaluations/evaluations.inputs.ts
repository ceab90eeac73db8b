import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Pick, Predictor, Subset } from './evaluation.entity.js';
import { EvaluationImagesInput } from './images.inputs.js';

@InputType({
  description: 'An evaluation to store. Replaces the stored evaluation of the same network, subset and step.',
})
export class EvaluationInput {
  @Field(() => Int, { description: 'Step at which the network was evaluated.' })
  step!: number;

  @Field(() => Predictor, { description: 'Network that was evaluated.' })
  network!: Predictor;

  @Field(() => Subset, { description: 'Subset that the network was evaluated on.' })
  subset!: Subset;

  @Field(() => [GraphQLSafeInt], {
    description:
      'Confusion matrix in pixels, row by row: `confusion[truth * ' +
      'classes + prediction]`. Ignored pixels are not counted.',
  })
  confusion!: number[];

  @Field(() => EvaluationImagesInput, {
    nullable: true,
    description: 'The same of each image; null from older runners, and if there are too many.',
  })
  images?: EvaluationImagesInput | null;

  @Field(() => [Float], {
    nullable: 'itemsAndList',
    description:
      'By class index: the mean probability that the network gives to the true class of a pixel, in [0, 1]; null for a ' +
      'class without pixels. Null from older runners.',
  })
  confidences?: (number | null)[] | null;
}

@ArgsType()
export class EvaluationArgs {
  @Field(() => Pick, { defaultValue: Pick.NEWEST, description: 'Which evaluation to return if there are several.' })
  pick!: Pick;

  @Field(() => Int, {
    nullable: true,
    description: 'Step of the evaluation to return, instead of `pick`. Null: the one that `pick` selects.',
  })
  step?: number | null;

  @Field(() => Predictor, { defaultValue: Predictor.BRANCH1, description: 'Network to read.' })
  network!: Predictor;

  @Field(() => Subset, { nullable: true, description: 'Subset to read; null means VAL.' })
  subset?: Subset | null;
}

@ArgsType()
export class CompareArgs extends EvaluationArgs {
  @Field(() => [ID], { description: 'Runs to compare, from 1 to 50.' })
  runIds!: string[];
}

@ArgsType()
export class EvaluationsArgs {
  @Field(() => Predictor, { nullable: true, description: 'Return only this network; null returns all.' })
  network?: Predictor | null;

  @Field(() => Subset, { nullable: true, description: 'Return only this subset; null returns all.' })
  subset?: Subset | null;

  @Field(() => Int, { nullable: true, description: 'First step to include; null starts at the beginning.' })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true, description: 'Last step to include; null continues to the end.' })
  toStep?: number | null;
}
