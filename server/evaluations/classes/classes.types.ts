import { Field, Float, Int, ObjectType } from 'type-graphql';
import { GraphQLSafeInt } from '../../graphql/scalars.js';

@ObjectType({
  description:
    'The scores of classes in an evaluation, as columns of equal length: `ious[i]` is the IoU of `classes[i]`. ' +
    'Each is a share in [0, 1], or null where it would divide by zero.',
})
export class ClassScores {
  @Field(() => [String], { description: 'Names of the classes.' })
  classes!: string[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Intersection over union; null for a class that neither occurs nor is predicted.',
  })
  ious!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Share of the pixels predicted as the class that belong to it; null for a class never predicted.',
  })
  precisions!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Share of the pixels of the class that are predicted as it; null for a class that does not occur.',
  })
  recalls!: (number | null)[];
}

/** Its shares become fields of the API in classes.resolver.ts. */
@ObjectType({
  description:
    'A confusion matrix, row by row: cell `i * n + j` of its lists counts the pixels of `classes[i]` that were ' +
    'predicted as `classes[j]`, where n is the number of classes. Ignored pixels are not counted.',
})
export class ConfusionMatrix {
  @Field(() => [String], { description: 'Names of the classes of the rows, and of the columns in the same order.' })
  classes!: string[];

  /** Of all classes of the dataset. */
  whole!: readonly number[];
  /** The classes of the dataset that it has, by index, and how many there are in all. */
  chosen!: readonly number[];
  classesInAll!: number;
}

@ObjectType({ description: 'Pixels of one class that were predicted as another.' })
export class ConfusedPair {
  @Field(() => String, { description: 'Name of the true class.' })
  truth!: string;

  @Field(() => String, { description: 'Name of the predicted class.' })
  prediction!: string;

  @Field(() => GraphQLSafeInt, { description: 'Number of these pixels.' })
  pixels!: number;

  @Field(() => Float, { description: 'Their share of all pixels of the true class, in (0, 1].' })
  share!: number;
}

@ObjectType({
  description:
    'The scores of a class at each step of `RunClassHistory.steps`. Each is a share in [0, 1], or null where it would ' +
    'divide by zero.',
})
export class ClassHistory {
  @Field(() => Int, { description: 'Index of the class in the dataset, from 0.' })
  classIndex!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => String, { description: 'Display colour, as `#rrggbb`.' })
  color!: string;

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Intersection over union; null where the class neither occurs nor is predicted.',
  })
  ious!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Share of the pixels predicted as the class that belong to it; null where there are none.',
  })
  precisions!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Share of the pixels of the class that are predicted as it; null where there are none.',
  })
  recalls!: (number | null)[];
}
