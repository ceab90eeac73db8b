import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Predictor } from '../evaluations/evaluation.entity.js';

@ObjectType({ description: 'Shares and IoU are in [0, 1].' })
export class PseudoLabelClass {
  @Field(() => Int)
  classIndex!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  color!: string;

  @Field(() => Float, { nullable: true, description: 'Among the pixels that have a pseudo-label; null when none has.' })
  share!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "The prior: among the labelled images' pixels, ignored ones left out; null when all are.",
  })
  labelledShare!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Against the hidden ground truth, over pixels that have a pseudo-label; null without a ground truth, and for a ' +
      'class that neither occurs nor is given.',
  })
  iou!: number | null;
}

@ObjectType({
  description:
    'What the pseudo-labels of one network were like between two evaluations: counted on the training crops of the ' +
    'unlabelled images, on some of the steps.',
})
export class PseudoLabels {
  @Field(() => Int, { description: 'Of the evaluation that ends the span.' })
  step!: number;

  @Field(() => Predictor, { description: 'Whose labels.' })
  network!: Predictor;

  @Field(() => Float, { nullable: true, description: 'Share of the unlabelled pixels that have a pseudo-label.' })
  coverage!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean over the classes that have an IoU.' })
  meanIou!: number | null;

  @Field(() => [PseudoLabelClass])
  classes!: PseudoLabelClass[];
}
