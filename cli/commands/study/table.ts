import { Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import {
  type PivotDetail,
  type PivotFormat,
  type PublishedResults,
  StudyDesignDocument,
  StudyPivotDocument,
} from '../../../schema/generated/cli/graphql.js';
import type { StudyMatrix } from '../../../schema/study-matrix.js';
import type { Api } from '../../api.js';
import { withNotes } from '../../help.js';
import { collect, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from '../run/exit-codes.js';
import { findRun } from '../run/run-reference.js';

interface Options extends ServerOptions {
  rows: string[];
  columns: string[];
  value: string;
  /** False for none; undefined for the default. */
  beside?: string[] | false;
  format: Lowercase<PivotFormat>;
  latex: boolean;
  show: Lowercase<PivotDetail>[];
  digits: number;
  baseline?: string;
  published?: PublishedResults;
}

const FORMATS: readonly Lowercase<PivotFormat>[] = ['text', 'csv', 'markdown', 'latex'];
const DETAILS: readonly Lowercase<PivotDetail>[] = ['std', 'n', 'interval', 'gain', 'published'];
const PUBLISHED: readonly PublishedResults[] = ['CPS_VOC', 'CPS_CITYSCAPES'];

async function table(study: string, options: Options, { print }: Shell): Promise<void> {
  const [{ Api }, { studyIdOf }] = await Promise.all([import('../../api.js'), import('../../study-reference.js')]);
  const api = Api.of(options);
  const studyId = await studyIdOf(api, study);
  const { rows, columns, value, beside = besideOf(value), format, latex, show, digits, published, baseline } = options;
  const { study: found } = await api.send(StudyPivotDocument, {
    ...{
      studyId,
      rows: rows === DEFAULT_ROWS ? await defaultRows(api, studyId) : rows,
      columns,
      value,
      beside: beside || [],
      digits,
      published,
    },
    baseline: baseline === undefined ? null : await baselineIdOf(api, studyId, baseline),
    format: (latex ? 'latex' : format).toUpperCase() as PivotFormat,
    details: show.map((detail) => detail.toUpperCase() as PivotDetail),
  });
  // It may have been deleted since it was found.
  if (!found) throw new UserError(`there is no study "${study}" on ${api.url}`);
  print(found.pivot.render.replace(/\r?\n$/, ''));
}

/** Methods, and the variants of a study that has some. */
async function defaultRows(api: Api, studyId: string): Promise<string[]> {
  const { study } = await api.send(StudyDesignDocument, { studyId });
  const matrix = study?.matrix as StudyMatrix | null | undefined;
  return matrix?.variants ? [...DEFAULT_ROWS, 'variant'] : [...DEFAULT_ROWS];
}

/** The mIoU of the rare classes stands beside mIoU, of the same evaluation. */
const besideOf = (value: string): string[] => (/^miou(\(|$)/.test(value) ? [`rare_${value}`] : []);

/** @param reference a run, or "pinned" for the baseline of the study */
async function baselineIdOf(api: Api, studyId: string, reference: string): Promise<string> {
  if (reference === 'pinned') {
    const { study } = await api.send(StudyDesignDocument, { studyId });
    if (study?.baseline) return study.baseline.id;
    throw new UserError(
      '--baseline pinned: the study has no baseline; set it with updateStudy (docs/api/editing.md), or name a run',
    );
  }
  return (await findRun(api, reference)).id;
}

/** Collects values instead of the defaults. */
function instead<T extends string>(defaults: readonly T[]) {
  return (value: string, previous: readonly T[]): T[] =>
    collect(value, previous === defaults ? [] : [...previous]) as T[];
}

function digitCount(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 10) throw new InvalidArgumentError('must be a whole number from 0 to 10.');
  return Number(text);
}

function detail(value: string, previous: readonly Options['show'][number][]): Options['show'] {
  const found = DETAILS.find((each) => each === value.toLowerCase());
  if (!found) throw new InvalidArgumentError(`Allowed choices are ${DETAILS.join(', ')}.`);
  return instead(DEFAULT_DETAILS)(found, previous);
}

const DEFAULT_ROWS: readonly string[] = ['config.method'];
const DEFAULT_COLUMNS: readonly string[] = ['split'];
const DEFAULT_DETAILS: readonly Options['show'][number][] = ['std', 'n'];

export function tableCommand(shell: Shell): Command {
  const command = new Command('table')
    .description('Prints a table of a study: means over seeds by any fields, for a terminal, a spreadsheet or a paper.')
    .argument('<study>', 'its name or id')
    .addOption(
      new Option('--rows <field>', 'a field whose values make the rows, written as in filters; may be repeated')
        .argParser(instead(DEFAULT_ROWS))
        .default(DEFAULT_ROWS, 'config.method, and variant if the study has variants'),
    )
    .addOption(
      new Option('--columns <field>', 'a field whose values make the columns; may be repeated')
        .argParser(instead(DEFAULT_COLUMNS))
        .default(DEFAULT_COLUMNS, 'split'),
    )
    .option('--value <field>', 'the number to average', 'miou')
    .addOption(
      new Option(
        '--beside <field>',
        'a number in a column beside it; may be repeated. Beside miou: rare_miou',
      ).argParser((value: string, previous: string[] | undefined) => collect(value, previous ?? [])),
    )
    .option('--no-beside', 'no number beside it')
    .addOption(new Option('--format <format>', 'the format of the table').choices(FORMATS).default('text'))
    .addOption(new Option('--latex', 'short for --format latex').default(false).conflicts('format'))
    .addOption(
      new Option('--show <detail>', `what cells show besides the mean: ${DETAILS.join(', ')}; may be repeated`)
        .argParser(detail)
        .default(DEFAULT_DETAILS, 'std and n'),
    )
    .option('--digits <count>', 'digits after the point', digitCount, 2)
    .option(
      '--baseline <run>',
      'run that gains are over, instead of supervised runs: its number or id, or "pinned" for the study\'s',
    )
    .addOption(new Option('--published <results>', "a paper's numbers to compare with").choices(PUBLISHED))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action((study: string, options: Options) => table(study, options, shell));
  return withNotes(command, {
    examples: [
      ['study table "CamVid at 1/8"', 'methods by split'],
      ['study table "CamVid at 1/8" --columns seed --value \'iou("Pole")\'', 'the IoU of a class by seed'],
      ['study table VOC --published CPS_VOC --show std --show published --latex', 'for a paper'],
      ['study table VOC --show gain', 'gains over supervised training, with p values'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
