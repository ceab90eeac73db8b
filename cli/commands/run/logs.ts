import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ServerFault } from '../../../runner/agent/errors.js';
import { RunLogDocument, type RunLogQuery } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { findRun, noSuchRun } from './run-reference.js';

interface Options extends ServerOptions {
  last: number;
  all: boolean;
  follow: boolean;
  json: boolean;
}

type Line = NonNullable<RunLogQuery['run']>['log'][number];

/** The most lines that the server returns at once. */
const MOST_LINES = 5000;
/** Read at once with --all. A line may have 16,384 characters. */
const PAGE_LINES = 1000;
const POLL_MS = 1000;
const OVER = new Set(['COMPLETED', 'FAILED', 'CANCELED']);

async function logs(
  which: string,
  { last, all, follow, json, ...options }: Options,
  { print, warn }: Shell,
): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  const run = await findRun(api, which);
  const read = async (count: number, after: string | null, fromStart = false) => {
    const answer = await api.send(RunLogDocument, { id: run.id, last: count, after, fromStart });
    if (!answer.run) throw noSuchRun(which, api);
    return answer.run;
  };
  let after: string | null = null;
  if (all) {
    // What is logged in the meantime is read as well.
    for (;;) {
      const page: Line[] = (await read(PAGE_LINES, after, true)).log;
      for (const line of page) print(json ? lineJson(line) : lineText(line));
      after = page.at(-1)?.id ?? after;
      if (page.length < PAGE_LINES) break;
    }
  }
  // Ask for one line more than needed, to find out whether there are more.
  const newest = await read(all ? MOST_LINES : Math.min(last + 1, MOST_LINES), after);
  if (!all && newest.log.length > last)
    warn(
      `${last === 1 ? 'the last line' : `the last ${last} lines`}; see more with --last ${Math.min(10 * last, MOST_LINES)}`,
    );
  let { state, log } = { state: newest.state, log: all ? newest.log : newest.log.slice(-last) };
  if (log.length === 0 && after === null) {
    const next = follow && !OVER.has(state) ? '; waiting for its first line' : '';
    warn(`run #${run.number} has logged nothing yet; it is ${state}${next}`);
  }
  for (;;) {
    for (const line of log) print(json ? lineJson(line) : lineText(line));
    after = log.at(-1)?.id ?? after;
    if (!follow || OVER.has(state)) break;
    await sleep(POLL_MS);
    // The server reads the state before the log, so once the run has ended, no more lines follow.
    ({ state, log } = await untilReached(() => read(MOST_LINES, after), warn));
  }
  if (follow) warn(`run #${run.number} is ${state}`);
}

/** Waits for a server that cannot be reached, as runners do: it may be restarting. */
async function untilReached<T>(ask: () => Promise<T>, warn: Shell['warn']): Promise<T> {
  for (let lost = false; ; lost = true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServerFault) || error.kind !== 'unreachable') throw error;
      if (!lost) warn(`${error.message}; waiting for it`);
      await sleep(POLL_MS);
    }
  }
}

/** Scripts rely on these names: do not change them. */
function lineJson({ at, level, fence, message }: Line): string {
  return JSON.stringify({ at, level, attempt: fence, message });
}

function lineText({ at, level, message }: Line): string {
  return `${at} ${level.padEnd(5)} ${message}`;
}

function lineCount(text: string): number {
  const count = positiveInt(text);
  if (count > MOST_LINES) throw new InvalidArgumentError(`must be at most ${MOST_LINES}.`);
  return count;
}

export function logsCommand(shell: Shell): Command {
  const command = new Command('logs')
    .description('Prints the log of a run.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .option('--last <count>', `how many of the last lines to print, at most ${MOST_LINES}`, lineCount, 200)
    .addOption(new Option('--all', 'print the whole log, from its first line').default(false).conflicts('last'))
    .option('--follow', 'keep printing until the run has ended', false)
    .addOption(jsonOption('print one JSON object per line: at, level, attempt, message'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, options: Options) => logs(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run logs 12', 'the last 200 lines'],
      ['run logs 12 --follow', 'until the run has ended'],
      ['run logs 12 --all > run-12.log', 'the whole log'],
      ['run logs 12 --json | jq \'select(.level == "ERROR")\'', 'only errors'],
    ],
    exitCodes: { ...READ_EXIT_CODES, interrupted: 'stopped by Ctrl-C while following' },
  });
}
