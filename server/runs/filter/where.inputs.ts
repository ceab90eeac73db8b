import { Field, InputType, registerEnumType } from 'type-graphql';
import type { FilterValue } from '../../../schema/filter/tree.js';
import { GraphQLFilterValue } from '../../graphql/scalars.js';

/** The names in the API, and those in the tree. */
export enum FilterOperator {
  EQ = 'eq',
  LT = 'lt',
  LE = 'le',
  GT = 'gt',
  GE = 'ge',
  IN = 'in',
  CONTAINS = 'contains',
  STARTS_WITH = 'startsWith',
  KNOWN = 'known',
}

export enum MetricSummary {
  LAST = 'last',
  MIN = 'min',
  MAX = 'max',
  MEAN10 = 'mean10',
  MEAN100 = 'mean100',
}

export enum Score {
  MEAN_IOU = 'miou',
  RARE_MEAN_IOU = 'rare_miou',
  PIXEL_ACCURACY = 'accuracy',
  IOU = 'iou',
  PRECISION = 'precision',
  RECALL = 'recall',
}

registerEnumType(FilterOperator, {
  name: 'FilterOperator',
  description: 'How a field is compared. A comparison with something that a run does not have is false.',
  valuesConfig: {
    EQ: { description: 'Is equal to the value.' },
    LT: { description: 'Is less than the value, or earlier.' },
    LE: { description: 'Is at most the value.' },
    GT: { description: 'Is greater than the value, or later.' },
    GE: { description: 'Is at least the value.' },
    IN: { description: 'Is equal to one of the values, a list.' },
    CONTAINS: { description: 'Contains the text, ignoring case.' },
    STARTS_WITH: { description: 'Starts with the text, ignoring case.' },
    KNOWN: { description: 'The run has a value, which may be NaN. Takes no value.' },
  },
});
registerEnumType(MetricSummary, {
  name: 'MetricSummary',
  description: 'One number for a series.',
  valuesConfig: {
    LAST: { description: 'The newest value.' },
    MIN: { description: 'The lowest value. NaN is ignored.' },
    MAX: { description: 'The highest value. NaN is ignored.' },
    MEAN10: { description: 'The mean of the newest 10 values, or of all if there are fewer.' },
    MEAN100: { description: 'The mean of the newest 100 values, or of all if there are fewer.' },
  },
});
registerEnumType(Score, {
  name: 'Score',
  description: 'A score of an evaluation, in [0, 1]; docs/metrics.md has the formulas.',
  valuesConfig: {
    MEAN_IOU: { description: 'mIoU.' },
    RARE_MEAN_IOU: { description: 'Mean IoU of the rare classes of the dataset (`Dataset.rareClasses`).' },
    PIXEL_ACCURACY: { description: 'Share of pixels whose class was predicted correctly.' },
    IOU: { description: 'IoU of a class.' },
    PRECISION: { description: 'Share of the pixels predicted as a class that are of it.' },
    RECALL: { description: 'Share of the pixels of a class that were predicted as it.' },
  },
});

@InputType({ description: 'What a condition compares. Give exactly one of `path`, `metric`, `score` and `alarm`.' })
export class FilterFieldInput {
  @Field(() => String, {
    nullable: true,
    description: 'A field of runs, such as `state`, or a setting of their configurations, such as `network.width`.',
  })
  path?: string | null;

  @Field(() => String, { nullable: true, description: 'A series, such as `loss`.' })
  metric?: string | null;

  @Field(() => MetricSummary, { nullable: true, description: 'Of a metric: which number of it. Default: LAST.' })
  of?: MetricSummary | null;

  @Field(() => Score, { nullable: true, description: 'A score of an evaluation.' })
  score?: Score | null;

  @Field(() => String, { nullable: true, description: 'The class that IOU, PRECISION and RECALL need.' })
  class?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a score: the network. Default: BRANCH1.' })
  network?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a score: the subset. Default: VAL.' })
  subset?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a score: the NEWEST evaluation of the network on the subset, or the BEST by mIoU. Default: NEWEST.',
  })
  pick?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Whether the run has raised an alarm of this kind, or of `any` kind. It is compared with true or false.',
  })
  alarm?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Of alarms: true counts only those that last, false only those that are over. Default: both.',
  })
  active?: boolean | null;
}

@InputType({
  description:
    'A condition. Give exactly one of `and`, `or`, `not` and `field`. docs/api/filter.md has examples, and the same as one ' +
    'line of text.',
})
export class RunWhere {
  @Field(() => [RunWhere], { nullable: true, description: 'All of these hold.' })
  and?: RunWhere[] | null;

  @Field(() => [RunWhere], { nullable: true, description: 'At least one of these holds.' })
  or?: RunWhere[] | null;

  @Field(() => RunWhere, {
    nullable: true,
    description: 'This does not hold. It then includes runs that lack the field.',
  })
  not?: RunWhere | null;

  @Field(() => FilterFieldInput, { nullable: true, description: 'What is compared with `value`.' })
  field?: FilterFieldInput | null;

  @Field(() => FilterOperator, { nullable: true, description: 'How. Default: EQ.' })
  op?: FilterOperator | null;

  @Field(() => GraphQLFilterValue, { nullable: true, description: 'What the field is compared with.' })
  value?: FilterValue | null;
}
