import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';

@InputType({ description: "What one network's pseudo-labels were like since the evaluation before, in pixels." })
export class PseudoLabelsInput {
  @Field(() => Int)
  step!: number;

  @Field(() => Predictor, { description: 'Whose labels.' })
  network!: Predictor;

  @Field(() => [GraphQLSafeInt], { description: 'By class: the labelled images, ignored pixels left out.' })
  labelledPixels!: number[];

  @Field(() => [GraphQLSafeInt], { description: 'By class: the pseudo-labels of the unlabelled images.' })
  pseudoPixels!: number[];

  @Field(() => GraphQLSafeInt, { description: 'Pixels of unlabelled images that have no pseudo-label.' })
  undecidedPixels!: number;

  @Field(() => [GraphQLSafeInt], {
    nullable: true,
    description:
      'Row-major, confusion[truth * classes + pseudo-label], where both are known; null where the truth is nowhere known.',
  })
  confusion?: number[] | null;
}

@ArgsType()
export class PseudoLabelsArgs {
  @Field(() => Predictor, { nullable: true })
  network?: Predictor | null;

  @Field(() => Int, { nullable: true })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true })
  toStep?: number | null;
}
