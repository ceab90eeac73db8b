import { Command, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import { DiffRunsDocument } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { describeDifferences, differencesCsv, differencesOf } from './differences.js';
import { addEvaluationOptions, type EvaluationOptions, evaluationWords, pickOf } from './evaluation-options.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { findRun } from './run-reference.js';

interface Options extends ServerOptions, EvaluationOptions {
  json: boolean;
  csv: boolean;
}

async function diff(which: readonly string[], options: Options, { print, warn }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  const found = await Promise.all(which.map((each) => findRun(api, each)));
  const runIds = found.map(({ id }) => id);
  if (new Set(runIds).size < runIds.length) throw new UserError('give different runs: one of them is given twice');
  const { network, subset } = options;
  const differences = differencesOf(
    await api.send(DiffRunsDocument, { runIds, network, subset, pick: pickOf(options) }),
  );
  const of = evaluationWords(options);
  if (options.json) print(JSON.stringify(differences, null, 2));
  else if (options.csv) for (const line of differencesCsv(differences)) print(line);
  else for (const line of describeDifferences(differences, of)) print(line);
  const missing = differences.runs.filter(({ step }) => step === null);
  if (missing.length > 0) {
    const numbers = missing.map(({ number }) => `#${number}`).join(', ');
    warn(`no evaluation of ${of} yet: ${numbers}`);
  }
}

export function diffCommand(shell: Shell): Command {
  const command = new Command('diff')
    .description('Compares runs: settings, scores and the IoU of each class, the largest loss first.')
    .argument('<runs...>', 'two to 50 runs, each its number, such as 12 or #12, or its id; the first is the baseline');
  addEvaluationOptions(command)
    .addOption(jsonOption('print one JSON object; shares in [0, 1]').conflicts('csv'))
    .addOption(new Option('--csv', 'print CSV: kind, name, each run, each change').default(false))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string[], options: Options) => {
      if (which.length < 2) throw new UserError(`give at least two runs to compare; got ${which.length}`);
      await diff(which, options, shell);
    });
  return withNotes(command, {
    examples: [
      ['run diff 12 13', 'how run 13 differs from run 12'],
      ['run diff 12 13 14 --best --subset val', 'three runs at their best'],
      ["run diff 12 13 --json | jq '.classes[0]'", 'the class that lost most'],
      ['run diff 12 13 --csv > diff.csv', 'for a spreadsheet'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
