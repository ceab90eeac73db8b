import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';

@InputType({
  description:
    "Pixel counts of one network's pseudo-labels since the previous " +
    'evaluation. Replaces the stored counts of the same network and step.',
})
export class PseudoLabelsInput {
  @Field(() => Int, { description: 'Step of the evaluation at which the counting ended.' })
  step!: number;

  @Field(() => Predictor, { description: 'Network that made the pseudo-labels, or whose teacher made them.' })
  network!: Predictor;

  @Field(() => [GraphQLSafeInt], {
    description:
      'Pixels of each class in the labelled training crops since the run began. Ignored pixels are not counted.',
  })
  labelledPixels!: number[];

  @Field(() => [GraphQLSafeInt], {
    description: 'Pixels of each class in the pseudo-labels of the unlabelled training crops.',
  })
  pseudoPixels!: number[];

  @Field(() => GraphQLSafeInt, { description: 'Pixels of the unlabelled training crops that have no pseudo-label.' })
  undecidedPixels!: number;

  @Field(() => [GraphQLSafeInt], {
    nullable: true,
    description:
      'Confusion matrix in pixels, row by row: `confusion[truth * classes + ' +
      'pseudoLabel]`, where both are known. Null if the ground truth is unknown.',
  })
  confusion?: number[] | null;
}

@ArgsType()
export class PseudoLabelsArgs {
  @Field(() => Predictor, { nullable: true, description: 'Return only this network; null returns all.' })
  network?: Predictor | null;

  @Field(() => Int, { nullable: true, description: 'First step to include; null starts at the beginning.' })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true, description: 'Last step to include; null continues to the end.' })
  toStep?: number | null;
}
