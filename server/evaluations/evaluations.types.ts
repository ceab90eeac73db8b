import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Run } from '../runs/run.entity.js';
import { Evaluation } from './evaluation.entity.js';

@ObjectType({ description: 'IoU of one class in an evaluation.' })
export class ClassIou {
  @Field(() => Int, { description: 'Index of the class in the dataset, from 0.' })
  classIndex!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => String, { description: 'Display colour, as `#rrggbb`.' })
  color!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Intersection over union, in [0, 1]; null if the class neither occurs nor is predicted.',
  })
  iou!: number | null;
}

@ObjectType({ description: 'One run of a comparison.' })
export class RunClassIous {
  @Field(() => Run, { description: 'The run that is compared.' })
  run!: Run;

  @Field(() => Evaluation, {
    nullable: true,
    description: 'Its evaluation of the chosen network on the chosen subset; null if there is none.',
  })
  evaluation!: Evaluation | null;
}
