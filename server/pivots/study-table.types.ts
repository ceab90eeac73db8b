import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DatasetClass } from '../datasets/dataset.entity.js';
import { Subset } from '../evaluations/evaluation.entity.js';

@ObjectType({ description: 'A score of several runs that differ only in their seed.' })
export class Statistic {
  @Field(() => Float, { description: 'Arithmetic mean of the runs.' })
  mean!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Sample standard deviation (divided by n − 1); null if `n` is 1.',
  })
  std!: number | null;

  @Field(() => Int, { description: 'Number of runs that have a value.' })
  n!: number;
}

@ObjectType({ description: 'Runs that differ only in their seed, and their mean scores.' })
export class StudyRow {
  @Field(() => String, { description: 'Name of the dataset, as in `Dataset.name`.' })
  dataset!: string;

  @Field(() => String, { description: 'Name of the method in the configuration, such as `cps_cutmix`.' })
  method!: string;

  @Field(() => String, {
    nullable: true,
    description: "Name of the variant of the study's matrix; null for its base as it is.",
  })
  variant!: string | null;

  @Field(() => String, {
    description:
      'Display name of the method, with the settings in which it differs within the study, and with the variant, ' +
      'such as "CPS (weight 1.5)" or "CPS + sampling".',
  })
  methodLabel!: string;

  @Field(() => String, {
    description:
      'Other settings in which the runs differ from the rest of the study, ' +
      'such as "training.iterations 3000"; empty if there are none.',
  })
  settingsLabel!: string;

  @Field(() => String, {
    description:
      'Short name of the labelled split, such as "1/16", "22 images" or "list labeled_1-16". ' +
      'Different splits can have the same label; `splitHash` tells them apart.',
  })
  splitLabel!: string;

  @Field(() => String, { description: 'Backbone of the networks, such as `resnet50`.' })
  backbone!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the sorted list of labelled images. It identifies the ' +
      'labelled split. Null for runs that no runner has set up yet.',
  })
  splitHash!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'List file that names the unlabelled images; null if all other training images are unlabelled.',
  })
  unlabelledList!: string | null;

  /** Of `runs`, which loads them: all of the row, by number. */
  runIds!: string[];

  @Field(() => Int, { description: 'Number of runs that the scores are computed from.' })
  n!: number;

  @Field(() => Boolean, {
    description:
      'Whether the scores are those of completed runs. If none is completed, they are those of runs in progress, ' +
      'or else of failed and canceled ones, and must not be compared with those of completed runs.',
  })
  completed!: boolean;

  @Field(() => Statistic, { nullable: true, description: 'mIoU, in [0, 1]; null if no run has one.' })
  meanIou!: Statistic | null;

  @Field(() => Statistic, {
    nullable: true,
    description:
      'Mean IoU of `StudyTable.rareClasses`, in [0, 1], without those that the images do not hold; null if no run has ' +
      "one, or if the row's dataset has other classes.",
  })
  rareMeanIou!: Statistic | null;

  @Field(() => Statistic, {
    nullable: true,
    description: 'Share of pixels that were predicted correctly, in [0, 1]; null if no run has one.',
  })
  pixelAccuracy!: Statistic | null;

  @Field(() => Statistic, { nullable: true, description: 'Frequency-weighted IoU, in [0, 1]; null if no run has one.' })
  frequencyWeightedIou!: Statistic | null;

  @Field(() => [Statistic], {
    nullable: 'items',
    description:
      'IoU of each class in `StudyTable.classes`, in [0, 1]; null if no run ' +
      "has a value. Empty if the row's dataset has other classes.",
  })
  classIous!: (Statistic | null)[];
}

@ObjectType({
  description:
    'Mean scores of a study, from the newest evaluation of BRANCH1 of each run. Runs that differ only in their ' +
    'seed share a row. An evaluation that covers fewer pixels than another of the same images is left out: a ' +
    'run in progress may be evaluated on the first images only (`training.evaluateImages`).',
})
export class StudyTable {
  @Field(() => Subset, { description: 'Subset that the scores were measured on.' })
  subset!: Subset;

  @Field(() => [DatasetClass], {
    description: "Classes of the first row's dataset, by index. Rows of another dataset have no IoU of classes.",
  })
  classes!: DatasetClass[];

  @Field(() => [DatasetClass], {
    description: 'Those of `classes` that are rare: `Dataset.rareClasses`; empty if none is, or if that is not known.',
  })
  rareClasses!: DatasetClass[];

  @Field(() => [StudyRow], { description: 'Rows, sorted by dataset, method and split.' })
  rows!: StudyRow[];
}
