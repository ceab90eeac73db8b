import { Command, InvalidArgumentError, Option } from 'commander';
import { timeOf } from '../../../schema/filter/time.js';
import { withNotes } from '../../help.js';
import { collect, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { findRun } from './run-reference.js';

/** One end of a range: a step, or a time in milliseconds since 1970. */
type End = { step: number } | { time: number };

interface Options extends ServerOptions {
  series: string[];
  from?: End;
  to?: End;
  ndjson?: boolean;
}

/** A CSV without points has only its header. */
const CSV_HEADER_LINES = 1;

/** Copies the server's export of a run to standard output as it arrives. */
async function metrics(which: string, { series, from, to, ndjson, ...options }: Options, shell: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  const run = await findRun(api, which);
  const parameters = new URLSearchParams(series.map((name): [string, string] => ['names', name]));
  const limit = (side: 'from' | 'to', end: End | undefined) => {
    if (end === undefined) return;
    if ('step' in end) parameters.set(`${side}Step`, String(end.step));
    else parameters.set(`${side}Time`, String(end.time));
  };
  limit('from', from);
  limit('to', to);
  let lines = 0;
  for await (const text of api.download(`runs/${run.id}/metrics.${ndjson ? 'ndjson' : 'csv'}?${parameters}`)) {
    lines += text.split('\n', CSV_HEADER_LINES + 2).length - 1;
    await shell.write(text);
  }
  if (lines <= (ndjson ? 0 : CSV_HEADER_LINES)) shell.warn(`run #${run.number} has no such points`);
}

/** Parses a step such as 1000, or a time as in filters, such as 2026-01-31T12:00Z. @throws InvalidArgumentError */
function rangeEnd(text: string): End {
  if (/^\d+$/.test(text)) return { step: Number(text) };
  const time = timeOf(text);
  if (time === null) {
    throw new InvalidArgumentError('must be a step, such as 1000, or a time, such as 2026-01-31T12:00Z.');
  }
  return { time: Date.parse(time) };
}

export function metricsCommand(shell: Shell): Command {
  const command = new Command('metrics')
    .description('Prints the points of a run as CSV or NDJSON: of all series or some, in a range of steps or times.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .addOption(
      new Option('--series <name>', 'a series, such as loss; may be repeated').argParser(collect).default([], 'all'),
    )
    .option(
      '--from <step-or-time>',
      'the first step, such as 1000, or the earliest time, such as 2026-01-31T12:00Z',
      rangeEnd,
    )
    .option('--to <step-or-time>', 'the last step, or the latest time', rangeEnd)
    .addOption(new Option('--csv', 'run,series,step,time,value, with a header (the default)').conflicts('ndjson'))
    .addOption(new Option('--ndjson', 'one JSON object per line: run, series, step, time, value'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, options: Options) => metrics(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run metrics 12 > run-12.csv', 'every point of run number 12'],
      ['run metrics 12 --series loss --series lr --from 1000', 'two series from step 1000 on'],
      ["run metrics 12 --ndjson | jq 'select(.value > 2)'", 'points with a value above 2'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
