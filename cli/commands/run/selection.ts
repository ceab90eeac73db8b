import { type Command, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import type { ChangedFragment } from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';
import { notNegativeInt, type ServerOptions } from '../../options.js';
import type { Shell } from '../../shell.js';

/** Which runs a command changes: one, or all that a filter matches. */
export interface SelectionOptions extends ServerOptions {
  where?: string;
  dryRun: boolean;
  expect?: number;
  json: boolean;
}

/** The variables of a mutation that changes all runs that a filter matches. */
export interface Selection {
  query: string;
  dryRun: boolean;
  expectedCount: number | null;
}

/** Adds the options that select many runs. */
export const withSelection = (command: Command): Command =>
  command
    .option('--where <filter>', 'all runs that meet this condition (docs/api/filter.md), at most 1,000')
    .option('--dry-run', 'with --where: only print what would be changed', false)
    .addOption(
      new Option('--expect <count>', 'with --where: change nothing unless this many runs meet the condition').argParser(
        notNegativeInt,
      ),
    );

/** What to change: the name of one run, or a selection of many. @throws UserError unless exactly one is given */
export function selected(
  which: string | undefined,
  { where, dryRun, expect }: SelectionOptions,
): { which: string } | Selection {
  if (which !== undefined && where !== undefined) throw new UserError('give either a run or --where, not both');
  if (where !== undefined) return { query: where, dryRun, expectedCount: expect ?? null };
  if (which === undefined) throw new UserError('give a run, such as 12, or --where FILTER');
  if (dryRun || expect !== undefined) throw new UserError('--dry-run and --expect need --where');
  return { which };
}

/** Changes the runs, and prints how many. @param done what has happened to them, such as `canceled` */
export async function changeAll(
  api: Api,
  options: SelectionOptions,
  { print, warn }: Shell,
  done: string,
  send: (api: Api) => Promise<{ result: ChangedFragment }>,
): Promise<void> {
  const { result } = await send(api);
  // Scripts rely on these names: do not change them.
  if (options.json) return print(JSON.stringify(result));
  const { dryRun, matched, changed, numbers, refused } = result;
  const which = numbers.map((number) => `#${number}`).join(', ');
  const more = changed > numbers.length ? ` and ${changed - numbers.length} more` : '';
  const would = dryRun ? `would be ${done}` : done;
  print(`${changed} of ${matched} ${matched === 1 ? 'run' : 'runs'} ${would}${which && `: ${which}${more}`}`);
  for (const { reason } of refused) warn(reason);
}
