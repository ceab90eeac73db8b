import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLSafeInt } from '../../graphql/scalars.js';
import { Evaluation, Pick, Predictor, Subset } from '../evaluation.entity.js';
import type { Move } from './class-changes.js';

@InputType({ description: 'Names an evaluation of a run. By default, the newest one of its first network on VAL.' })
export class EvaluationRefInput {
  @Field(() => ID, { description: 'Run that was evaluated.' })
  runId!: string;

  @Field(() => Pick, { defaultValue: Pick.NEWEST, description: 'Which evaluation, if there are several.' })
  pick!: Pick;

  @Field(() => Int, {
    nullable: true,
    description: 'Step of the evaluation, instead of `pick`. Null: the one that `pick` selects.',
  })
  step?: number | null;

  @Field(() => Predictor, { defaultValue: Predictor.BRANCH1, description: 'Network that was evaluated.' })
  network!: Predictor;

  @Field(() => Subset, { defaultValue: Subset.VAL, description: 'Subset that it was evaluated on.' })
  subset!: Subset;
}

@ArgsType()
export class ClassChangesArgs {
  @Field(() => EvaluationRefInput, { description: 'The baseline.' })
  from!: EvaluationRefInput;

  @Field(() => EvaluationRefInput, {
    description: 'What is compared with it: another run, or another step or network of the same one.',
  })
  to!: EvaluationRefInput;
}

@ArgsType()
export class MovesArgs {
  @Field(() => Int, { defaultValue: 5, description: 'Maximum number of other classes, from 1 to 100.' })
  top!: number;
}

@ObjectType({
  description:
    'Pixels that two evaluations predict differently. A confusion matrix does not identify pixels, so this is ' +
    'a net number: how many more there are than in the baseline.',
})
export class PixelMove {
  @Field(() => String, { description: 'Name of the other class.' })
  class!: string;

  @Field(() => GraphQLSafeInt, { description: 'Number of pixels; negative if there are fewer than in the baseline.' })
  pixels!: number;

  @Field(() => Float, { description: 'Their share of all pixels of their true class, in [-1, 1].' })
  share!: number;
}

/** `movedTo` and `movedFrom` become fields of the API in class-changes.resolver.ts. */
@ObjectType({ description: 'What changed for a class between two evaluations.' })
export class ClassChange {
  @Field(() => Int, { description: 'Index of the class in the dataset, from 0.' })
  classIndex!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => Float, { nullable: true, description: 'IoU in the baseline, in [0, 1]; null as in `ClassScores.ious`.' })
  fromIou!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'IoU in the other evaluation, in [0, 1]; null as in `ClassScores.ious`.',
  })
  toIou!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: '`toIou` minus `fromIou`, in [-1, 1]: negative if the IoU fell. Null if either of them is null.',
  })
  change!: number | null;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description:
      'How many more pixels of the class are missed: predicted as another class. The sum of all of `movedTo`. ' +
      'Null if the evaluations do not cover the same pixels.',
  })
  missedPixels!: number | null;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description:
      'How many more pixels of other classes are predicted as the class. The sum of all of `movedFrom`. ' +
      'Null if the evaluations do not cover the same pixels.',
  })
  falsePixels!: number | null;

  to!: readonly Move[] | null;
  from!: readonly Move[] | null;
  names!: readonly string[];
}

@ObjectType({ description: 'What changed for each class from one evaluation to another.' })
export class ClassChanges {
  @Field(() => Evaluation, { description: 'The baseline.' })
  from!: Evaluation;

  @Field(() => Evaluation, { description: 'The evaluation that is compared with the baseline.' })
  to!: Evaluation;

  @Field(() => [ClassChange], {
    description: 'All classes, the largest loss of IoU first. Classes whose `change` is null come last.',
  })
  classes!: ClassChange[];

  @Field(() => [String], {
    description:
      'Warns if the two do not cover the same pixels, and so cannot be compared pixel by pixel; otherwise empty.',
  })
  warnings!: string[];
}
