import { ArgsType, Field, ID, Int, registerEnumType } from 'type-graphql';
import { PIVOT_FORMATS, type PivotFormat } from '../../schema/pivot/render.js';
import { PUBLISHED_TABLES, type PublishedName } from '../../schema/published/cps-paper.js';

const enumOf = <T extends string>(names: readonly T[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as { [Name in T]: Name };

export const PublishedResults = enumOf(Object.keys(PUBLISHED_TABLES) as PublishedName[]);
registerEnumType(PublishedResults, {
  name: 'PublishedResults',
  description: "A paper's table, whose numbers can be compared with those of runs.",
  valuesConfig: {
    CPS_VOC: {
      description: 'The paper on cross pseudo supervision (CVPR 2021), PASCAL VOC 2012 val: mIoU of one run each.',
    },
    CPS_CITYSCAPES: {
      description: 'The paper on cross pseudo supervision (CVPR 2021), Cityscapes val: mIoU of one run each.',
    },
  },
});

export const PivotFormats = enumOf(PIVOT_FORMATS);
registerEnumType(PivotFormats, {
  name: 'PivotFormat',
  description: 'Format of a table as text.',
  valuesConfig: {
    TEXT: { description: 'Aligned columns, for a terminal.' },
    CSV: {
      description:
        'A line for each cell, with all of its numbers, unrounded (RFC 4180). Texts that a spreadsheet would take for a formula ' +
        "begin with '.",
    },
    MARKDOWN: { description: 'A table of GitHub Flavored Markdown.' },
    LATEX: { description: 'A LaTeX table, which needs the package booktabs.' },
  },
});

export enum PivotDetail {
  STD = 'STD',
  N = 'N',
  INTERVAL = 'INTERVAL',
  GAIN = 'GAIN',
  PUBLISHED = 'PUBLISHED',
}
registerEnumType(PivotDetail, {
  name: 'PivotDetail',
  description: 'What a written cell shows besides its mean.',
  valuesConfig: {
    STD: { description: 'The sample standard deviation.' },
    N: { description: 'How many runs the mean is computed from.' },
    INTERVAL: { description: 'The 95 % confidence interval of the mean.' },
    GAIN: { description: 'The gain over the baseline, and its p value.' },
    PUBLISHED: { description: 'The published value, and the difference from it.' },
  },
});

@ArgsType()
export class PivotArgs {
  @Field(() => [String], {
    description:
      'Fields whose values make the rows, such as `method` or `network.width`: fields and settings as in filters ' +
      "(docs/api/filter.md), a group of settings, such as `split`, or `variant`, those of a study's matrix. At most 5; none " +
      'makes one row.',
  })
  rows!: string[];

  @Field(() => [String], {
    defaultValue: [],
    description:
      'Fields whose values make the columns, such as `split.labelledRatio`. At most 5; none makes one column.',
  })
  columns!: string[];

  @Field(() => String, {
    defaultValue: 'miou',
    description:
      'The number to average: a field of filters, such as `miou`, `iou("pole", subset: test)` or ' +
      '`last("loss_cross/branch1")`. A score is that of network 1 on VAL at its newest evaluation, unless the ' +
      'field says otherwise.',
  })
  value!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'A run of the table over which gains are computed, together with all runs that have its settings, whatever ' +
      'their split and seed. Null: supervised runs.',
  })
  baseline?: string | null;

  @Field(() => PublishedResults, {
    nullable: true,
    description:
      "A paper's results to compare with, as values of cells and as rows of their own. The value must be the mIoU on VAL. " +
      'The server does not check whether your dataset and split are those of the paper.',
  })
  published?: PublishedName | null;
}

@ArgsType()
export class RenderArgs {
  @Field(() => PivotFormats, { description: 'Format of the text.' })
  format!: PivotFormat;

  @Field(() => [PivotDetail], {
    defaultValue: [PivotDetail.STD, PivotDetail.N],
    description: 'What cells show besides the mean. CSV always has everything.',
  })
  details!: PivotDetail[];

  @Field(() => [String], {
    defaultValue: [],
    description:
      'Further numbers, such as `rare_miou`, each with a column beside that of `value`. At most 4. Those that no run has are ' +
      'left out.',
  })
  beside!: string[];

  @Field(() => Int, { defaultValue: 2, description: 'Digits after the point, from 0 to 10. CSV does not round.' })
  digits!: number;
}
