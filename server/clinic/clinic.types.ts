import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CauseKind } from '../../schema/clinic/causes.js';
import { GraphQLJSONObject, GraphQLSafeInt } from '../graphql/scalars.js';

/** The causes of the clinic, as values of the API. */
export const ClassCause = {
  NO_LABELS: 'NO_LABELS',
  STARVED_IN_CROPS: 'STARVED_IN_CROPS',
  EXCLUDED_BY_CONFIDENCE: 'EXCLUDED_BY_CONFIDENCE',
  CONFUSED: 'CONFUSED',
  FEW_IMAGES: 'FEW_IMAGES',
  FEW_PIXELS: 'FEW_PIXELS',
  LOST_IN_TRAINING: 'LOST_IN_TRAINING',
  UNKNOWN: 'UNKNOWN',
} as const satisfies { [Kind in CauseKind]: Kind };

registerEnumType(ClassCause, {
  name: 'ClassCause',
  description: 'Why a class is not predicted, or hardly.',
  valuesConfig: {
    NO_LABELS: { description: 'No labelled image of the split holds it.' },
    STARVED_IN_CROPS: { description: 'Labelled images hold it, but few of the training crops do.' },
    EXCLUDED_BY_CONFIDENCE: {
      description: 'The networks predict it, but below the confidence from which the method uses a pseudo-label.',
    },
    CONFUSED: { description: 'Its pixels are taken for one other class that does not dominate everything.' },
    FEW_IMAGES: { description: 'Few labelled images hold it.' },
    FEW_PIXELS: { description: 'It has few labelled pixels.' },
    LOST_IN_TRAINING: { description: 'It was predicted and then lost, in a run that learns from pseudo-labels.' },
    UNKNOWN: { description: 'None of the causes above fits.' },
  },
});

@ObjectType({ description: 'What the pixels of a class are taken for instead.' })
export class TakenFor {
  @Field(() => String, { description: 'Name of the predicted class.' })
  name!: string;

  @Field(() => Float, { description: 'Share of the pixels of the true class, in (0, 1].' })
  share!: number;
}

@ObjectType({ description: 'A cause that fits.' })
export class ClassFinding {
  @Field(() => ClassCause, { description: 'What is wrong.' })
  cause!: CauseKind;

  @Field(() => Float, { description: 'How well it fits, in [0, 1], compared with other causes.' })
  strength!: number;

  @Field(() => String, { description: 'The numbers that it was found by, in words.' })
  words!: string;
}

@ObjectType({ description: 'A change of the configuration that may help a class.' })
export class ClassRemedy {
  @Field(() => String, { description: 'What it does.' })
  words!: string;

  @Field(() => GraphQLJSONObject, {
    description: "The settings to change, in the form of a run's configuration, such as `{ balance: … }`.",
  })
  settings!: object;
}

@ObjectType({ description: 'Why a class is not predicted, or hardly.' })
export class ClassDiagnosis {
  @Field(() => String, { description: 'The state of the class and its causes with their numbers, in one sentence.' })
  summary!: string;

  @Field(() => [ClassFinding], { description: 'The causes that fit, the strongest first; at least one.' })
  findings!: readonly ClassFinding[];

  @Field(() => [ClassRemedy], {
    description: 'What may help and is not in use yet, in the order in which it should be tried.',
  })
  remedies!: readonly ClassRemedy[];
}

@ObjectType({
  description:
    'What is known about a class of a run: its labels, its training crops, and what a network makes of it in the newest ' +
    'evaluation on VAL. Shares are in [0, 1]; null where nothing is known.',
})
export class ClassCheckup {
  @Field(() => Int, { description: 'Index of the class in the dataset, from 0.' })
  classIndex!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => GraphQLSafeInt, { nullable: true, description: "Its pixels in the split's labelled images." })
  labelledPixels!: number | null;

  @Field(() => Float, { nullable: true, description: 'Their share of all labelled pixels.' })
  labelledShare!: number | null;

  @Field(() => Int, { nullable: true, description: "The split's labelled images that hold it." })
  labelledImages!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the labelled training crops that held it, so far.' })
  cropShare!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Its share of the newest pseudo-labels. `Run.pseudoLabels` has all.',
  })
  pseudoShare!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Its share of the labelled pixels in the training crops so far, with which `pseudoShare` compares.',
  })
  cropPixelShare!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean probability that the network gives to it on its pixels.' })
  confidence!: number | null;

  @Field(() => Float, { nullable: true, description: 'Intersection over union.' })
  iou!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the pixels predicted as it that belong to it.' })
  precision!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of its pixels that are predicted as it.' })
  recall!: number | null;

  @Field(() => [TakenFor], { description: 'What its pixels are taken for instead: up to three classes, most first.' })
  takenFor!: readonly TakenFor[];

  @Field(() => Int, {
    nullable: true,
    description: 'Step of the first evaluation in which any pixel was predicted as it; null if none was.',
  })
  firstPredictedStep!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Step from which on no pixel was predicted as it any more; null if it is predicted, or never was.',
  })
  lostStep!: number | null;

  @Field(() => ClassDiagnosis, {
    nullable: true,
    description: 'Why it is not predicted, or hardly; null for a healthy class, and where an evaluation is missing.',
  })
  diagnosis!: ClassDiagnosis | null;
}
