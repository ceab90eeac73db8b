import { Field, InputType, Int } from 'type-graphql';
import { GraphQLSafeInt } from '../graphql/scalars.js';

@InputType({
  description:
    'What the labels of a run hold, by class index. Replaces the stored counts of crops of the same step, and those of the split.',
})
export class ClassCountsInput {
  @Field(() => Int, { description: 'Step of the evaluation at which the counting ended.' })
  step!: number;

  @Field(() => [GraphQLSafeInt], { description: "Pixels of each class in the split's labelled images." })
  labelledPixels!: number[];

  @Field(() => [Int], { description: "The split's labelled images that hold each class." })
  labelledImages!: number[];

  @Field(() => Int, { description: 'Labelled training crops since the previous evaluation.' })
  crops!: number;

  @Field(() => [Int], { description: 'How many of these crops held each class.' })
  cropsWithClass!: number[];
}
