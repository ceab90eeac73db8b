import { ArgsType, Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { PageArgs } from '../graphql/connection.js';
import { GraphQLJSONObject, GraphQLSafeInt } from '../graphql/scalars.js';
import { FilterFieldInput, RunWhere } from './filter/where.inputs.js';
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
  description: 'What runs are sorted by. Runs without a value come last in either direction.',
  valuesConfig: {
    CREATED_AT: { description: 'The order in which runs were created.' },
    FINISHED_AT: { description: 'When the run was COMPLETED, FAILED or CANCELED.' },
    NAME: { description: 'Name of the run, alphabetically.' },
    PRIORITY: { description: 'Priority in the queue.' },
    MEAN_IOU: { description: 'mIoU of BRANCH1 at its newest evaluation on VAL.' },
  },
});
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Whether a list ascends or descends.',
  valuesConfig: {
    ASC: { description: 'From low to high, from old to new, from A to Z.' },
    DESC: { description: 'From high to low, from new to old, from Z to A.' },
  },
});

@InputType({
  description: 'Conditions that a run must meet, all of them. A condition that is null or left out is ignored.',
})
export class RunFilter {
  @Field(() => ID, { nullable: true, description: 'The run belongs to this study. Ignored in `Study.runs`.' })
  studyId?: string | null;

  @Field(() => [RunState], { nullable: true, description: 'The run is in one of these states.' })
  states?: RunState[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The run uses one of these methods, named as in `Run.method`. BAD_USER_INPUT for an unknown one.',
  })
  methods?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The run uses the dataset of this name. BAD_USER_INPUT if there is no such dataset.',
  })
  dataset?: string | null;

  @Field(() => String, { nullable: true, description: 'The run has this labelled split, as in `Run.splitHash`.' })
  splitHash?: string | null;

  @Field(() => [String], { nullable: true, description: 'The run has all of these tags.' })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The text is part of the name of the run, ignoring case, or equals its number.',
  })
  search?: string | null;
}

@InputType({ description: 'How to sort runs. Runs with equal values are sorted by id.' })
export class RunOrder {
  @Field(() => RunOrderField, { description: 'What to sort by.' })
  field!: RunOrderField;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Whether the list ascends or descends.',
  })
  direction!: OrderDirection;
}

@InputType({
  description: 'One of the fields that runs are sorted by. Runs without a value come last in either direction.',
})
export class RunSortKey {
  @Field(() => FilterFieldInput, { description: 'What to sort by.' })
  field!: FilterFieldInput;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Whether the values ascend or descend.',
  })
  direction!: OrderDirection;
}

/** Which runs a list has, and in which order. */
@ArgsType()
export class RunListArgs extends PageArgs {
  @Field(() => RunFilter, {
    nullable: true,
    description: 'Conditions that a run must meet; null returns all runs.',
    deprecationReason: 'Use runs(where:) or runs(query:). Removed in 0.3.',
  })
  filter?: RunFilter | null;

  @Field(() => RunWhere, { nullable: true, description: 'A condition that a run must meet, too.' })
  where?: RunWhere | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The same as one line of text, such as `method = cps and iou("traffic light") < 5%` (docs/api/filter.md). ' +
      'Both must hold. BAD_USER_INPUT with the extension `character` for a mistake in it.',
  })
  query?: string | null;

  @Field(() => RunOrder, {
    nullable: true,
    description: 'Sort order. Default: newest first.',
    deprecationReason: 'Use runs(sort:) or runs(sortBy:). Removed in 0.3.',
  })
  orderBy?: RunOrder | null;

  @Field(() => [RunSortKey], {
    nullable: true,
    description: 'Sort by the first of these fields, then by the second, and so on. Default: newest first.',
  })
  sortBy?: RunSortKey[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The same as one line of text, such as `iou("pole") desc, training.iterations` (docs/api/runs.md). ' +
      'Only one of the two may be given.',
  })
  sort?: string | null;
}

@InputType({ description: 'A run to queue.' })
export class CreateRunInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Name of the run, 1 to 256 characters long. By default it is made ' +
      'from the method, the backbone, the split and the seed.',
  })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Study that the run belongs to; null if it belongs to none.' })
  studyId?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Configuration of the run, as described by `runConfigSchema`. Its dataset must be known to the server. ' +
      'Required, unless `from` is given: it then defaults to the configuration of that run.',
  })
  config?: Record<string, unknown> | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Run to clone, which becomes the `Run.parent` of the new one. Only its configuration is copied, or nothing ' +
      'if `config` is given. BAD_USER_INPUT if it does not exist.',
  })
  from?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Tags to find the run by. At most 50, each 1 to 64 characters long. Duplicates are dropped.',
  })
  tags?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Higher priority runs first. Default: 0.' })
  priority?: number | null;
}

@InputType({ description: 'What the runner found when it set up the run.' })
export class RunSetupInput {
  @Field(() => String, {
    description: 'Engine that the machine computes with: `tensorflow`, `webgpu`, `wasm` or `cpu`.',
  })
  engine!: string;

  @Field(() => String, { description: 'Hardware that the machine computes on, such as the name of its GPU.' })
  device!: string;

  @Field(() => String, {
    description: 'SHA-256 of the sorted list of labelled images. It identifies the labelled split.',
  })
  splitHash!: string;

  @Field(() => Int, { description: 'Number of training images whose labels are used.' })
  labelledImages!: number;

  @Field(() => Int, { description: 'Number of training images that are used without a label.' })
  unlabelledImages!: number;

  @Field(() => GraphQLSafeInt, {
    description: 'Number of trainable parameters per network; of the first one, if `network.second` makes them differ.',
  })
  parameters!: number;

  @Field(() => [Float], {
    nullable: true,
    description:
      'By class index: how much a labelled pixel of the class counts in the loss, with `balance.weights` of the ' +
      'configuration; null if all count alike.',
  })
  classWeights?: number[] | null;

  @Field(() => [Float], {
    nullable: true,
    description:
      'By class index: what the loss adds to the logits of the class, with `logit_adjustment` in `balance.weights`; ' +
      'null if nothing.',
  })
  logitOffsets?: number[] | null;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description:
      'Number of trainable parameters of the second network, if `network.second` makes it differ from the first one; otherwise null.',
  })
  secondParameters?: number | null;
}
