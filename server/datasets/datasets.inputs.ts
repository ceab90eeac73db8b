import { Field, InputType, Int } from 'type-graphql';
import { GraphQLJSONObject } from '../graphql/scalars.js';

@InputType({ description: 'One class of a dataset. Its index is its position in the list.' })
export class DatasetClassInput {
  @Field(() => String, {
    description:
      'Name of the class, such as `road`: 1 to 128 printable characters. It must be unique within the dataset.',
  })
  name!: string;

  @Field(() => String, { description: 'Display colour, as `#rrggbb`.' })
  color!: string;
}

@InputType({
  description:
    'A dataset that a runner announces. CONFLICT if the name is taken by a dataset with other content that ' +
    'a run has used, that another runner holds, or that was transferred to another runner.',
})
export class DatasetInput {
  @Field(() => String, {
    description: 'Unique name: 1 to 128 printable characters. A run configuration refers to the dataset by it.',
  })
  name!: string;

  @Field(() => String, {
    description:
      'How its files are arranged, such as `folder` or `voc`; `shapes` and `shapes_longtail` are built in. docs/datasets.md lists all.',
  })
  kind!: string;

  @Field(() => [DatasetClassInput], {
    description: 'All classes, from 1 to 255, in the order of their pixel values in label maps.',
  })
  classes!: DatasetClassInput[];

  @Field(() => Int, {
    description: 'Label value of ignored pixels, from 0 to 255. They count in no loss and no metric.',
  })
  ignoreIndex!: number;

  @Field(() => Int, { description: 'Number of training images that have a label.' })
  trainImages!: number;

  @Field(() => Int, { defaultValue: 0, description: 'Number of additional training images that have no label.' })
  unlabelledImages!: number;

  @Field(() => Int, { description: 'Number of validation images.' })
  valImages!: number;

  @Field(() => Int, { description: 'Number of test images; 0 if the dataset has none.' })
  testImages!: number;

  @Field(() => String, {
    description: 'SHA-256 of the contents. Two machines hold the same dataset if the fingerprints are equal.',
  })
  fingerprint!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'What looks wrong with the images or labels, in one line each. At most 100; longer texts are cut. Null if the runner ' +
      'has not looked.',
  })
  warnings?: string[] | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'What the dataset holds, in the shape of `Dataset.facts`. Null if the runner has not counted. BAD_USER_INPUT for any ' +
      'other shape.',
  })
  facts?: Record<string, unknown> | null;
}
