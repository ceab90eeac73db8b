import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DATASET_PARTS } from '../../schema/dataset-facts.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';

type PartName = (typeof DATASET_PARTS)[number];

/** The enum's values, for decorators. They are listed once, in schema/dataset-facts.ts. */
const DatasetPartName = Object.fromEntries(DATASET_PARTS.map((name) => [name, name])) as { [Name in PartName]: Name };

registerEnumType(DatasetPartName, {
  name: 'DatasetPartName',
  description: 'A subset of a dataset, or its training images without a label.',
  valuesConfig: {
    TRAIN: { description: 'Training images that have a label.' },
    VAL: { description: 'Validation images.' },
    TEST: { description: 'Test images.' },
    UNLABELLED: { description: 'Training images that have no label.' },
  },
});

@ObjectType({ description: 'Images of one size.' })
export class ImageSize {
  @Field(() => Int, { description: 'Width in pixels.' })
  width!: number;

  @Field(() => Int, { description: 'Height in pixels.' })
  height!: number;

  @Field(() => Int, { description: 'Number of images of this size.' })
  images!: number;
}

@ObjectType({ description: 'Connected components of a class: pixels that touch at a side or a corner.' })
export class ComponentSizes {
  @Field(() => Int, { description: 'Number of components.' })
  count!: number;

  @Field(() => Int, { description: 'Pixels of the smallest one.' })
  smallest!: number;

  @Field(() => Float, { description: 'Median of their pixels.' })
  median!: number;

  @Field(() => Int, { description: 'Pixels of the largest one.' })
  largest!: number;
}

@ObjectType({ description: 'How much of one class the labels of a part hold.' })
export class DatasetPartClass {
  @Field(() => GraphQLSafeInt, { description: 'Sum over all images of the part.' })
  pixels!: number;

  @Field(() => Int, { description: 'Images that have a pixel of it.' })
  images!: number;

  @Field(() => ComponentSizes, { nullable: true, description: 'Its connected components; null if there are none.' })
  components!: ComponentSizes | null;
}

@ObjectType({ description: 'What a part of a dataset holds.' })
export class DatasetPart {
  @Field(() => DatasetPartName, { description: 'Which part.' })
  part!: PartName;

  @Field(() => Int, { description: 'Number of images.' })
  images!: number;

  @Field(() => [ImageSize], { description: 'The most frequent sizes of images, the most frequent first.' })
  sizes!: ImageSize[];

  @Field(() => [Int], { description: 'Bits of a value in the image files: 8, 16 or both.' })
  bits!: number[];

  @Field(() => [DatasetPartClass], { description: 'By class index; empty if the part has no labels.' })
  classes!: DatasetPartClass[];

  @Field(() => GraphQLSafeInt, { description: 'Pixels of labels that have no class.' })
  ignoredPixels!: number;
}

@ObjectType({ description: 'How much of one class the labelled images of a split hold.' })
export class DatasetSplitClass {
  @Field(() => GraphQLSafeInt, { description: 'Sum over all labelled images.' })
  pixels!: number;

  @Field(() => Int, { description: 'Labelled images that have a pixel of it.' })
  images!: number;
}

@ObjectType({ description: 'A labelled split as a run would draw it with the seed 0, without `cover`.' })
export class DatasetSplit {
  @Field(() => Float, { description: 'Share of the training images whose labels are used, in (0, 1].' })
  labelledRatio!: number;

  @Field(() => Int, { description: 'Number of labelled images.' })
  labelledImages!: number;

  @Field(() => [DatasetSplitClass], { description: 'By class index.' })
  classes!: DatasetSplitClass[];
}

@ObjectType({ description: 'Images of a dataset that occur more than once.' })
export class DatasetDuplicates {
  @Field(() => Int, { description: 'Groups of images with the same bytes.' })
  groups!: number;

  @Field(() => Int, { description: 'Groups of these that are in several subsets, which makes an evaluation too good.' })
  acrossSubsets!: number;

  @Field(() => Int, { description: 'Validation and test images that look almost like an image of another subset.' })
  near!: number;
}

@ObjectType({ description: 'What a dataset holds, as the runner that announced it has counted.' })
export class DatasetFacts {
  @Field(() => [DatasetPart], { description: 'The parts that have images.' })
  parts!: DatasetPart[];

  @Field(() => [DatasetSplit], { description: 'What the usual labelled splits would hold, from few labels to many.' })
  splits!: DatasetSplit[];

  @Field(() => DatasetDuplicates, { description: 'Images that occur more than once.' })
  duplicates!: DatasetDuplicates;
}
