import { Field, InputType, Int } from 'type-graphql';

@InputType()
export class DatasetClassInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '#rrggbb' })
  color!: string;
}

@InputType({ description: 'What a runner says about a dataset that it holds.' })
export class DatasetInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  kind!: string;

  @Field(() => [DatasetClassInput])
  classes!: DatasetClassInput[];

  @Field(() => Int)
  ignoreIndex!: number;

  @Field(() => Int)
  trainImages!: number;

  @Field(() => Int, { defaultValue: 0, description: 'Training images beside these that have no label at all.' })
  unlabelledImages!: number;

  @Field(() => Int)
  valImages!: number;

  @Field(() => Int)
  testImages!: number;

  @Field(() => String)
  fingerprint!: string;
}
