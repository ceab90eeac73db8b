import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DatasetClass } from '../datasets/dataset.entity.js';
import { Run } from '../runs/run.entity.js';
import { Evaluation, Subset } from './evaluation.entity.js';

@ObjectType({ description: 'iou is null for a class that neither occurs nor is predicted.' })
export class ClassIou {
  @Field(() => Int)
  classIndex!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  color!: string;

  @Field(() => Float, { nullable: true })
  iou!: number | null;
}

@ObjectType({ description: "One run's line in a comparison of per-class IoU." })
export class RunClassIous {
  @Field(() => Run)
  run!: Run;

  @Field(() => Evaluation, { nullable: true })
  evaluation!: Evaluation | null;
}

@ObjectType({ description: 'std is the sample standard deviation, null for n < 2.' })
export class Statistic {
  @Field(() => Float)
  mean!: number;

  @Field(() => Float, { nullable: true })
  std!: number | null;

  @Field(() => Int)
  n!: number;
}

@ObjectType({ description: 'Runs that differ by their seed alone.' })
export class StudyRow {
  @Field(() => String)
  dataset!: string;

  @Field(() => String)
  method!: string;

  @Field(() => String)
  methodLabel!: string;

  @Field(() => String, {
    description:
      'In what else its runs differ from others of the study, like "training.iterations 3000"; empty where nothing does.',
  })
  settingsLabel!: string;

  @Field(() => String, { description: 'As of its runs.' })
  splitLabel!: string;

  @Field(() => String)
  backbone!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Identifies the labelled split; null for runs whose split was not drawn yet.',
  })
  splitHash!: string | null;

  @Field(() => String, { nullable: true, description: 'As of its runs.' })
  unlabelledList!: string | null;

  @Field(() => [Run])
  runs!: Run[];

  @Field(() => Int, { description: 'Runs of this row that have an evaluation which the table counts.' })
  n!: number;

  @Field(() => Boolean, {
    description:
      'Whether these n runs are completed. Where none is, the figures are of those in progress, else of those that ' +
      'failed or were canceled: they do not compare with completed ones.',
  })
  completed!: boolean;

  @Field(() => Statistic, { nullable: true })
  meanIou!: Statistic | null;

  @Field(() => Statistic, { nullable: true })
  pixelAccuracy!: Statistic | null;

  @Field(() => Statistic, { nullable: true })
  frequencyWeightedIou!: Statistic | null;

  @Field(() => [Statistic], {
    nullable: 'items',
    description:
      "By class index; null where no run has a value, and empty for rows of a dataset other than the table's.",
  })
  classIous!: (Statistic | null)[];
}

@ObjectType({
  description:
    'One row a (dataset, method with its settings, backbone, split): means over its seeds, of the newest ' +
    'evaluation of BRANCH1 on the subset. One that covers fewer pixels than another of the same images is left out: a run ' +
    'in progress may be evaluated on the first few images only (training.evaluateImages). Subset null: TEST where every evaluated run has one, else VAL. The classes are ' +
    "those of the first row's dataset; rows of another dataset have no class columns.",
})
export class StudyTable {
  @Field(() => Subset)
  subset!: Subset;

  @Field(() => [DatasetClass])
  classes!: DatasetClass[];

  @Field(() => [StudyRow])
  rows!: StudyRow[];
}
