import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Pick, Predictor, Subset } from './evaluation.entity.js';

@InputType({ description: 'A confusion matrix over a whole subset.' })
export class EvaluationInput {
  @Field(() => Int)
  step!: number;

  @Field(() => Predictor)
  network!: Predictor;

  @Field(() => Subset)
  subset!: Subset;

  @Field(() => [GraphQLSafeInt], {
    description: 'Row-major, confusion[truth * classes + prediction], in pixels; ignored pixels are left out.',
  })
  confusion!: number[];
}

@ArgsType()
export class EvaluationArgs {
  @Field(() => Pick, { defaultValue: Pick.NEWEST })
  pick!: Pick;

  @Field(() => Predictor, { defaultValue: Predictor.BRANCH1 })
  network!: Predictor;

  @Field(() => Subset, { nullable: true })
  subset?: Subset | null;
}

@ArgsType()
export class CompareArgs extends EvaluationArgs {
  @Field(() => [ID])
  runIds!: string[];
}

@ArgsType()
export class EvaluationsArgs {
  @Field(() => Predictor, { nullable: true })
  network?: Predictor | null;

  @Field(() => Subset, { nullable: true })
  subset?: Subset | null;

  @Field(() => Int, { nullable: true })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true })
  toStep?: number | null;
}
