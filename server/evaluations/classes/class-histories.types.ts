import { ArgsType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Run } from '../../runs/run.entity.js';
import { Predictor, Subset } from '../evaluation.entity.js';
import { ClassesArgs } from './classes.inputs.js';
import { ClassHistory } from './classes.types.js';

@ArgsType()
export class ClassHistoriesArgs extends ClassesArgs {
  @Field(() => [ID], { description: 'Runs whose classes to return, from 1 to 50. NOT_FOUND if one does not exist.' })
  runIds!: string[];

  @Field(() => Predictor, { defaultValue: Predictor.BRANCH1, description: 'Network to read.' })
  network!: Predictor;

  @Field(() => Subset, { defaultValue: Subset.VAL, description: 'Subset to read.' })
  subset!: Subset;

  @Field(() => Int, { nullable: true, description: 'First step to include; null starts at the beginning.' })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true, description: 'Last step to include; null continues to the end.' })
  toStep?: number | null;
}

@ObjectType({
  description: 'The scores of the classes of a run over its evaluations, as columns of equal length.',
})
export class RunClassHistory {
  @Field(() => Run, { description: 'Run that was evaluated.' })
  run!: Run;

  @Field(() => [Int], { description: 'Steps of the evaluations, ascending.' })
  steps!: number[];

  @Field(() => [Float], { nullable: 'items', description: 'mIoU at each step, in [0, 1]; null where there is none.' })
  meanIous!: (number | null)[];

  @Field(() => [ClassHistory], {
    description: 'Its classes, by index or in the given order. Classes that its dataset does not have are left out.',
  })
  classes!: ClassHistory[];
}
