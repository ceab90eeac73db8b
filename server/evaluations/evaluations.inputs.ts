import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Network, Pick, Subset } from './evaluation.entity.js';

@InputType({ description: 'A confusion matrix over a whole subset.' })
export class EvaluationInput {
  @Field(() => Int)
  step!: number;

  @Field(() => Network)
  network!: Network;

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

  @Field(() => Network, { defaultValue: Network.BRANCH1 })
  network!: Network;

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
  @Field(() => Network, { nullable: true })
  network?: Network | null;

  @Field(() => Subset, { nullable: true })
  subset?: Subset | null;

  @Field(() => Int, { nullable: true })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true })
  toStep?: number | null;
}
