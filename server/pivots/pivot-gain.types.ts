import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum PivotTest {
  PAIRED_T = 'PAIRED_T',
  WELCH_T = 'WELCH_T',
}
registerEnumType(PivotTest, {
  name: 'PivotTest',
  description: 'A two-sided test of whether two means differ.',
  valuesConfig: {
    PAIRED_T: {
      description: "Student's t test of the differences between runs with the same labelled images and seed.",
    },
    WELCH_T: { description: "Welch's t test, whose variances need not be equal." },
  },
});

@ObjectType({
  description:
    "A 95 % confidence interval by Student's t distribution. It assumes normally distributed values, and may exceed the range of " +
    'a share.',
})
export class ConfidenceInterval {
  @Field(() => Float, { description: 'Lower end.' })
  low!: number;

  @Field(() => Float, { description: 'Upper end.' })
  high!: number;
}

@ObjectType({ description: 'How much better the runs of a cell are than the baseline on the same labelled images.' })
export class PivotGain {
  @Field(() => Float, {
    nullable: true,
    description:
      'The mean of the differences between runs of the same labelled images and seed if there are at least two such pairs, ' +
      'otherwise the difference of the means, averaged over the draws of the labels and the configurations; null if there is ' +
      'none, for the `reason` given.',
  })
  difference!: number | null;

  @Field(() => ConfidenceInterval, {
    nullable: true,
    description: '95 % confidence interval of the difference; null without a test.',
  })
  interval!: ConfidenceInterval | null;

  @Field(() => PivotTest, {
    nullable: true,
    description:
      "Test of the difference: the paired t test if at least two seeds match, otherwise Welch's, for runs of one " +
      'configuration on one draw of the labels. Null without a test.',
  })
  test!: PivotTest | null;

  @Field(() => Float, { nullable: true, description: "The test's t statistic; null without a test." })
  t!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Degrees of freedom, by Welch and Satterthwaite for Welch's test; null without a test.",
  })
  degreesOfFreedom!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Two-sided p value, not corrected for several tests; null without a test.',
  })
  p!: number | null;

  @Field(() => Int, { description: 'Number of pairs; 0 if the difference is that of two means.' })
  pairs!: number;

  @Field(() => Int, { description: 'Number of runs of the baseline.' })
  baselineN!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why there is no difference, or no test; null if there are both.',
  })
  reason!: string | null;

  @Field(() => [String], {
    description:
      'Paths of the settings in which the runs differ from the baseline, apart from the method or what is compared.',
  })
  differing!: string[];
}
