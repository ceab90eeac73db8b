import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { GraphQLJSONObject } from '../graphql/scalars.js';
import { RunState } from './run.entity.js';

export enum RunOrderField {
  CREATED_AT = 'CREATED_AT',
  FINISHED_AT = 'FINISHED_AT',
  NAME = 'NAME',
  PRIORITY = 'PRIORITY',
  MEAN_IOU = 'MEAN_IOU',
}

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(RunOrderField, {
  name: 'RunOrderField',
  description: "Runs without a value come last. MEAN_IOU: the first network's newest on VAL.",
});
registerEnumType(OrderDirection, { name: 'OrderDirection' });

@InputType()
export class RunFilter {
  @Field(() => ID, { nullable: true })
  studyId?: string | null;

  @Field(() => [RunState], { nullable: true })
  states?: RunState[] | null;

  @Field(() => [String], { nullable: true })
  methods?: string[] | null;

  @Field(() => String, { nullable: true })
  dataset?: string | null;

  @Field(() => String, { nullable: true, description: 'Runs of one labelled split, as `Run.splitHash` names it.' })
  splitHash?: string | null;

  @Field(() => [String], { nullable: true, description: 'Runs that carry all of these.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: "Part of the run's name, or its number." })
  search?: string | null;
}

@InputType()
export class RunOrder {
  @Field(() => RunOrderField)
  field!: RunOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.DESC })
  direction!: OrderDirection;
}

@InputType()
export class CreateRunInput {
  @Field(() => String, { nullable: true, description: 'Default: method, labels and seed.' })
  name?: string | null;

  @Field(() => ID, { nullable: true })
  studyId?: string | null;

  @Field(() => GraphQLJSONObject, { description: 'See runConfigSchema.' })
  config!: Record<string, unknown>;

  @Field(() => [String], { nullable: true })
  tags?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Higher is claimed earlier; default 0.' })
  priority?: number | null;
}
