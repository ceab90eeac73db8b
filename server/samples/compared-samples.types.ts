import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { Run } from '../runs/run.entity.js';
import { Sample } from './samples.types.js';

@ArgsType()
export class CompareSamplesArgs {
  @Field(() => [ID], { description: 'Runs to compare, from 1 to 50. NOT_FOUND if one does not exist.' })
  runIds!: string[];

  @Field(() => String, { description: 'Id of the image within its dataset, as in `Sample.imageId`.' })
  image!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Step at which to compare. If a run has no sample of the image at this step, the one at the nearest step ' +
      'is returned, the earlier one on ties. Null: the newest step that the runs have in common.',
  })
  step?: number | null;
}

@ObjectType({ description: 'What the networks of one run predict for an image.' })
export class RunSample {
  @Field(() => Run, { description: 'Run that was compared.' })
  run!: Run;

  @Field(() => Sample, {
    nullable: true,
    description:
      'The sample, at the step or the nearest one: see its `step`. Null if the run has no sample of the image.',
  })
  sample!: Sample | null;
}

@ObjectType({ description: 'The same image in several runs.' })
export class SampleComparison {
  @Field(() => Int, { nullable: true, description: 'Step that was compared at; null if no run has the image yet.' })
  step!: number | null;

  @Field(() => [RunSample], { description: 'One entry for each run, in the order of `runIds`.' })
  samples!: RunSample[];

  @Field(() => [String], {
    description:
      'Why this may not be the same image: the datasets of the runs have different contents. Empty if their ' +
      'contents are the same.',
  })
  warnings!: string[];
}
