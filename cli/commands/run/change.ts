import { Command, Option } from 'commander';
import {
  CancelRunDocument,
  FindRunDocument,
  RetryRunDocument,
  type RunState,
} from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';
import { jsonOption, withNotes } from '../../help.js';
import { hours, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { CHANGE_EXIT_CODES } from './exit-codes.js';
import { noSuchRun, runReference } from './run-reference.js';

interface Changed {
  id: string;
  number: number;
  name: string;
  state: RunState;
}

type Options = ServerOptions & { json: boolean };

type RetryOptions = Options & { maxHours?: number };

/** Changes a run and prints what happened. The server rejects what the run's state does not allow. */
async function change(
  which: string,
  options: Options,
  { print }: Shell,
  send: (api: Api, id: string) => Promise<Changed>,
  words: (state: RunState, before: RunState) => string,
): Promise<void> {
  const { Api } = await import('../../api.js');
  const reference = runReference(which);
  const api = Api.of(options);
  const { run: before } = await api.send(FindRunDocument, reference);
  if (!before) throw noSuchRun(which, api);
  const { id, number, name, state } = await send(api, before.id);
  if (options.json) print(JSON.stringify({ id, number, name, state }));
  else print(`run #${number} "${name}" ${words(state, before.state)}`);
}

export function cancelCommand(shell: Shell): Command {
  const words = (state: RunState, before: RunState): string => {
    if (before === state) return state === 'CANCELED' ? 'is already canceled' : 'is already being canceled';
    return state === 'CANCELED' ? 'is canceled' : 'is being canceled: its runner stops within seconds';
  };
  const send = async (api: Api, id: string) => (await api.send(CancelRunDocument, { id })).cancelRun;
  const command = new Command('cancel')
    .description('Cancels a queued or running run; its results so far are kept.')
    .action((which: string, options: Options) => change(which, options, shell, send, words));
  return withNotes(common(command), {
    examples: [
      ['run cancel 12', 'run number 12'],
      ["run list --state QUEUED --json | jq '.[].number' | xargs -n1 crosscheck run cancel", 'every queued run'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}

export function retryCommand(shell: Shell): Command {
  const send =
    ({ maxHours }: RetryOptions) =>
    async (api: Api, id: string) =>
      (await api.send(RetryRunDocument, { id, maxHours: maxHours ?? null })).retryRun;
  const command = new Command('retry')
    .description('Queues a failed or canceled run again; it resumes from its last checkpoint, if it has one.')
    .addOption(
      new Option('--max-hours <hours>', 'a larger training.maxHours, for a run that has reached it').argParser(hours),
    )
    .action((which: string, options: RetryOptions) =>
      change(which, options, shell, send(options), () => 'is queued again'),
    );
  return withNotes(common(command), {
    examples: [
      ['run retry 12', 'run number 12'],
      ['run retry 12 --max-hours 48', 'after it has reached training.maxHours'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}

const common = (command: Command): Command =>
  command
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .addOption(jsonOption('print one JSON object: id, number, name, state'))
    .addOption(serverOption())
    .addOption(tokenOption());
