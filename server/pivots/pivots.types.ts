import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLJSONObject } from '../graphql/scalars.js';
import { RunCounts } from '../runs/run-counts.js';
import { ConfidenceInterval, PivotGain } from './pivot-gain.types.js';
import { PivotWarningKind } from './warnings.js';

registerEnumType(PivotWarningKind, {
  name: 'PivotWarningKind',
  description: 'What a warning about a table or a cell is about. More kinds may follow.',
  valuesConfig: {
    DRAWS: { description: 'A mean is over several draws of the labels, not over seeds alone.' },
    SETTINGS: { description: 'Runs that are averaged or compared have different settings, such as iterations.' },
    SAME_SEED: { description: 'Runs with equal settings and seed count as independent ones.' },
    ENGINE: { description: 'The runs were trained with different engines.' },
    CODE: { description: 'The runs were trained by different versions or commits of Crosscheck.' },
    NOT_FINITE: { description: 'The value of a run is NaN or infinite, so it is left out.' },
    UNFINISHED: { description: 'No run of a cell is completed, so the numbers are those of other runs.' },
    PARTIAL: { description: 'Evaluations cover the first images only.' },
    PUBLISHED: { description: 'Published numbers cannot be placed in the table.' },
  },
});

@ObjectType({ description: 'Something that a reader of a table must know.' })
export class PivotWarning {
  @Field(() => PivotWarningKind, { description: 'What it is about.' })
  kind!: PivotWarningKind;

  @Field(() => String, { description: 'What it is, in words, with the values that differ.' })
  message!: string;
}

@ObjectType({
  description:
    'Runs that have the values of a row and a column. The numbers are those of the COMPLETED runs; if there are none, of those in ' +
    'progress, or else of all.',
})
export class PivotCell {
  @Field(() => Int, { description: 'Number of runs that the numbers are computed from.' })
  n!: number;

  @Field(() => Float, { nullable: true, description: 'Arithmetic mean; null if `n` is 0.' })
  mean!: number | null;

  @Field(() => Float, { nullable: true, description: 'Sample standard deviation (n − 1); null if `n` is less than 2.' })
  std!: number | null;

  @Field(() => Float, { nullable: true, description: 'Lowest value; null if `n` is 0.' })
  min!: number | null;

  @Field(() => Float, { nullable: true, description: 'Highest value; null if `n` is 0.' })
  max!: number | null;

  @Field(() => ConfidenceInterval, {
    nullable: true,
    description: '95 % confidence interval of the mean; null if `n` is less than 2.',
  })
  interval!: ConfidenceInterval | null;

  @Field(() => Boolean, { description: 'Whether the numbers are those of completed runs.' })
  completed!: boolean;

  @Field(() => String, {
    description: 'What the mean averages over, such as "3 seeds" or "3 seeds × 2 draws of the labels".',
  })
  averages!: string;

  @Field(() => Int, { description: 'Number of different seeds among the `n` runs.' })
  seeds!: number;

  @Field(() => Int, { description: 'Number of different draws of the labels among the `n` runs.' })
  draws!: number;

  @Field(() => RunCounts, { description: 'How many runs are in each state.' })
  states!: RunCounts;

  @Field(() => [String], { description: "Names of the runs of the study's matrix that do not exist." })
  missing!: string[];

  @Field(() => String, {
    description: 'Which runs have no value that counts, and why, such as "1 failed, 2 missing"; empty if all have one.',
  })
  lacking!: string;

  @Field(() => [Int], { description: 'Numbers of all runs of the cell, ascending.' })
  runNumbers!: number[];

  /** Of `runs`, which loads them. */
  runIds!: string[];

  @Field(() => PivotGain, { description: 'The gain over the baseline, or why there is none.' })
  gain!: PivotGain;

  @Field(() => Float, {
    nullable: true,
    description: 'What the paper reports for this method, backbone and number of labels; null if nothing.',
  })
  published!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The reproduction gap: `mean` minus `published`; null if either is null, or if no run is completed.',
  })
  publishedGap!: number | null;

  @Field(() => [PivotWarning], { description: 'Why the mean is not simply a mean over seeds.' })
  warnings!: PivotWarning[];
}

@ObjectType({ description: 'A column of a table.' })
export class PivotColumn {
  @Field(() => [String], { description: 'Texts of the values, in the order of `columnFields`.' })
  labels!: string[];

  @Field(() => GraphQLJSONObject, { description: 'The values, by field; null where runs have none.' })
  key!: Record<string, unknown>;
}

@ObjectType({ description: 'A row of a table.' })
export class PivotRow {
  @Field(() => [String], { description: 'Texts of the values, in the order of `rowFields`.' })
  labels!: string[];

  @Field(() => GraphQLJSONObject, { description: 'The values, by field; null where runs have none.' })
  key!: Record<string, unknown>;

  @Field(() => Boolean, { description: "Whether the numbers are a paper's. Its cells have no runs, and `n` is 0." })
  isPublished!: boolean;

  @Field(() => [PivotCell], { nullable: 'items', description: 'A cell for each column; null where there are no runs.' })
  cells!: (PivotCell | null)[];
}

@ObjectType({
  description:
    'A table of runs: rows and columns from any fields, and in each cell the mean of a value over the runs of ' +
    'this row and column. docs/api/studies.md has examples.',
})
export class Pivot {
  @Field(() => String, {
    description: 'What the numbers are, such as "mIoU on val, network 1, newest evaluation".',
  })
  title!: string;

  @Field(() => String, { description: 'The field that is averaged.' })
  value!: string;

  @Field(() => Boolean, { description: 'Whether values are shares in [0, 1], which are written in percent.' })
  isShare!: boolean;

  @Field(() => [String], { description: 'Fields whose values make the rows, as they were given.' })
  rowFields!: string[];

  @Field(() => [String], { description: 'Fields whose values make the columns, as they were given.' })
  columnFields!: string[];

  @Field(() => [PivotColumn], { description: 'Columns, sorted by their values.' })
  columns!: PivotColumn[];

  @Field(() => [PivotRow], { description: 'Rows, sorted by their values; published ones follow.' })
  rows!: PivotRow[];

  @Field(() => Int, { description: 'Number of runs in the table.' })
  runCount!: number;

  @Field(() => [String], {
    description:
      "Names of runs of the study's matrix that do not exist and have no place in the table, because a field of its rows or " +
      'columns is not known before a run exists.',
  })
  missing!: string[];

  @Field(() => [PivotWarning], {
    description: 'What differs between the runs, apart from what the rows and columns are made of.',
  })
  warnings!: PivotWarning[];

  @Field(() => String, { nullable: true, description: 'The paper that published numbers are from; null without any.' })
  source!: string | null;

  /** Which of the values compared is the best one, if it is known. */
  best!: 'HIGHEST' | 'LOWEST' | null;
  bestWithin!: 'COLUMN' | 'ROW';

  /** What the number is, and of which evaluation (see ValueTitle). */
  short!: string;
  where!: string;

  /** The table of another number, with the same runs, rows and columns. */
  withValue!: (value: string) => Promise<Pivot>;
}
