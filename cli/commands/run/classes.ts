import { Command } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import { RunClassesDocument, type RunClassesQuery } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { type Column, renderRows, share } from '../../output/columns.js';
import { bar } from '../../output/sparkline.js';
import type { Shell } from '../../shell.js';
import { addEvaluationOptions, type EvaluationOptions, evaluationWords, pickOf } from './evaluation-options.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { noSuchRun, runReference } from './run-reference.js';

interface Options extends ServerOptions, EvaluationOptions {
  step?: number;
  json: boolean;
}

type Evaluation = NonNullable<NonNullable<RunClassesQuery['run']>['evaluation']>;

interface ClassRow {
  name: string;
  iou: number | null;
  precision: number | null;
  recall: number | null;
}

const BAR_WIDTH = 20;
const CLASS_COLUMNS: readonly Column<ClassRow>[] = [
  { title: 'class', of: ({ name }) => name },
  { title: 'IoU', of: ({ iou }) => share(iou), right: true },
  { title: ' '.repeat(BAR_WIDTH), of: ({ iou }) => bar(iou ?? 0, BAR_WIDTH) },
  { title: 'precision', of: ({ precision }) => share(precision), right: true },
  { title: 'recall', of: ({ recall }) => share(recall), right: true },
];
const CONFUSED_COLUMNS: readonly Column<Evaluation['mostConfused'][number]>[] = [
  { title: 'class', of: ({ truth }) => truth },
  { title: 'predicted as', of: ({ prediction }) => prediction },
  { title: 'of the class', of: (pair) => `${share(pair.share)} %`, right: true },
  { title: 'pixels', of: ({ pixels }) => pixels.toLocaleString('en'), right: true },
];

async function classes(which: string, options: Options, { print }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const reference = runReference(which);
  const api = Api.of(options);
  const { network, subset, step = null } = options;
  if (step !== null && options.best) throw new UserError('--step and --best: give one of the two');
  const { run } = await api.send(RunClassesDocument, { ...reference, network, subset, step, pick: pickOf(options) });
  if (!run) throw noSuchRun(which, api);
  const { evaluation } = run;
  if (!evaluation) {
    const at = step === null ? '' : ` at step ${step}`;
    throw new UserError(`run ${run.number} has no evaluation of ${evaluationWords(options)}${at}`);
  }
  const rows = classRows(evaluation);
  if (options.json) {
    const { mostConfused, meanIou } = evaluation;
    print(
      JSON.stringify({ run: run.number, step: evaluation.step, network, subset, meanIou, classes: rows, mostConfused }),
    );
    return;
  }
  print(`#${run.number} "${run.name}": ${evaluationWords(options)}, step ${evaluation.step}, in %`);
  print(`mIoU ${share(evaluation.meanIou)}`);
  print('');
  for (const line of renderRows(CLASS_COLUMNS, rows)) print(line);
  if (evaluation.mostConfused.length === 0) return;
  print('');
  print('Most confused');
  for (const line of renderRows(CONFUSED_COLUMNS, evaluation.mostConfused)) print(line);
}

/** Highest IoU first; classes without one last. */
function classRows({ classScores: { classes, ious, precisions, recalls } }: Evaluation): ClassRow[] {
  return classes
    .map((name, i) => ({ name, iou: ious[i]!, precision: precisions[i]!, recall: recalls[i]! }))
    .sort((a, b) => (b.iou ?? -1) - (a.iou ?? -1));
}

export function classesCommand(shell: Shell): Command {
  const command = new Command('classes')
    .description('Prints IoU, precision and recall of every class, and what is confused most.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .option('--step <step>', 'the evaluation at this step', positiveInt);
  addEvaluationOptions(command)
    .addOption(jsonOption('print one JSON object; shares in [0, 1]'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, options: Options) => classes(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run classes 12', 'network 1 on the validation images, newest evaluation'],
      ['run classes 12 --best --network both', 'both networks together, at their best'],
      ["run classes 12 --subset test --json | jq -r '.classes[] | [.name, .iou] | @tsv'", 'for a script'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
