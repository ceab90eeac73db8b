import { Command } from 'commander';
import { ShowRunDocument } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { describeRun, runDetailsJson } from './run-details.js';
import { noSuchRun, runReference } from './run-reference.js';

async function show(which: string, options: ServerOptions & { json: boolean }, { print }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const reference = runReference(which);
  const api = Api.of(options);
  const { run } = await api.send(ShowRunDocument, reference);
  if (!run) throw noSuchRun(which, api);
  const url = `${api.url}/runs/${run.id}`;
  if (options.json) print(JSON.stringify(runDetailsJson(run, url), null, 2));
  else for (const line of describeRun(run, url)) print(line);
}

export function showCommand(shell: Shell): Command {
  const command = new Command('show')
    .description("Prints a run's configuration, state, attempts, scores by class and alarms.")
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .addOption(jsonOption('print one JSON object; IoU in [0, 1]'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, options) => show(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run show 12', 'run number 12'],
      ['run show 12 --json | jq .config', 'its configuration with all defaults'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
