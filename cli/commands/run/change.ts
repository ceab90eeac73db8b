import { Command, Option } from 'commander';
import {
  CancelRunDocument,
  CancelRunsDocument,
  type ChangedFragment,
  RetryRunDocument,
  RetryRunsDocument,
  type RunState,
} from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';
import { jsonOption, withNotes } from '../../help.js';
import { hours, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { CHANGE_EXIT_CODES } from './exit-codes.js';
import { findRun } from './run-reference.js';
import { changeAll, type Selection, type SelectionOptions, selected, withSelection } from './selection.js';

interface Changed {
  id: string;
  number: number;
  name: string;
  state: RunState;
}

type RetryOptions = SelectionOptions & { maxHours?: number };

/** How one run is changed, and how all that a filter matches. */
interface Change {
  one(api: Api, id: string): Promise<Changed>;
  many(api: Api, selection: Selection): Promise<{ result: ChangedFragment }>;
  /** What has happened to them, such as `canceled`. */
  done: string;
  words(state: RunState, before: RunState): string;
}

/** Changes runs and prints what happened. The server rejects what the state of a run does not allow. */
async function change(
  which: string | undefined,
  options: SelectionOptions,
  shell: Shell,
  { one, many, done, words }: Change,
): Promise<void> {
  const { Api } = await import('../../api.js');
  const selection = selected(which, options);
  if (!('which' in selection)) {
    return changeAll(Api.of(options), options, shell, done, (api) => many(api, selection));
  }
  const api = Api.of(options);
  const before = await findRun(api, selection.which);
  const { id, number, name, state } = await one(api, before.id);
  if (options.json) shell.print(JSON.stringify({ id, number, name, state }));
  else shell.print(`run #${number} "${name}" ${words(state, before.state)}`);
}

export function cancelCommand(shell: Shell): Command {
  const words = (state: RunState, before: RunState): string => {
    if (before === state) return state === 'CANCELED' ? 'is already canceled' : 'is already being canceled';
    return state === 'CANCELED' ? 'is canceled' : 'is being canceled: its runner stops within seconds';
  };
  const cancel: Change = {
    one: async (api, id) => (await api.send(CancelRunDocument, { id })).cancelRun,
    many: (api, selection) => api.send(CancelRunsDocument, selection),
    done: 'canceled',
    words,
  };
  const command = new Command('cancel')
    .description('Cancels a queued or running run; its results so far are kept.')
    .action((which: string | undefined, options: SelectionOptions) => change(which, options, shell, cancel));
  return withNotes(common(command), {
    examples: [
      ['run cancel 12', 'run number 12'],
      ["run cancel --where 'state = queued'", 'every queued run'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}

export function retryCommand(shell: Shell): Command {
  const retry = ({ maxHours = null }: { maxHours?: number | null }): Change => ({
    one: async (api, id) => (await api.send(RetryRunDocument, { id, maxHours })).retryRun,
    many: (api, selection) => api.send(RetryRunsDocument, { ...selection, maxHours }),
    done: 'queued again',
    words: () => 'is queued again',
  });
  const command = new Command('retry')
    .description('Queues a failed or canceled run again; it resumes from its last checkpoint, if it has one.')
    .addOption(
      new Option('--max-hours <hours>', 'a larger training.maxHours, for a run that has reached it').argParser(hours),
    )
    .action((which: string | undefined, options: RetryOptions) => change(which, options, shell, retry(options)));
  return withNotes(common(command), {
    examples: [
      ['run retry 12', 'run number 12'],
      ['run retry 12 --max-hours 48', 'after it has reached training.maxHours'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}

const common = (command: Command): Command =>
  withSelection(command.argument('[run]', 'its number, such as 12 or #12, or its id'))
    .addOption(jsonOption('print one JSON object: id, number, name, state; with --where, what was changed'))
    .addOption(serverOption())
    .addOption(tokenOption());
