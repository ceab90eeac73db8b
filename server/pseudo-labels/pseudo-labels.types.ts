import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Predictor } from '../evaluations/evaluation.entity.js';

@ObjectType({ description: 'Pseudo-labels of one class, compared with its labels.' })
export class PseudoLabelClass {
  @Field(() => Int, { description: 'Index of the class in the dataset, from 0.' })
  classIndex!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => String, { description: 'Display colour, as `#rrggbb`.' })
  color!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the class among the pixels that have a pseudo-label, in [0, 1]; null if there are none.',
  })
  share!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the class among the labelled pixels of the training crops since the ' +
      'run began, in [0, 1]; null if there are none. This is the prior.',
  })
  labelledShare!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'IoU of the pseudo-labels with the hidden ground truth, in [0, 1], over pixels that have a ' +
      'pseudo-label. Null if the ground truth is unknown, or if the class occurs in neither.',
  })
  iou!: number | null;
}

@ObjectType({
  description:
    'Pseudo-labels of one network since the previous evaluation on VAL. They are counted on the ' +
    'training crops of the unlabelled images, at some of the steps (`training.logEvery`).',
})
export class PseudoLabels {
  @Field(() => Int, { description: 'Step of the evaluation at which the counting ended.' })
  step!: number;

  @Field(() => Predictor, { description: 'Network that made the pseudo-labels, or whose teacher made them.' })
  network!: Predictor;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the unlabelled pixels that have a pseudo-label, in [0, 1]; null if no pixel was counted.',
  })
  coverage!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean IoU of the classes that have one, in [0, 1]; null if no class has one.',
  })
  meanIou!: number | null;

  @Field(() => [PseudoLabelClass], { description: 'All classes of the dataset, by index.' })
  classes!: PseudoLabelClass[];
}
