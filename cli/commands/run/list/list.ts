import { Command, Option } from 'commander';
import { UserError } from '../../../../schema/exit-codes.js';
import { ListRunsDocument } from '../../../../schema/generated/cli/graphql.js';
import { RUN_STATES } from '../../../../schema/run-states.js';
import type { Api } from '../../../api.js';
import { jsonOption, withNotes } from '../../../help.js';
import { collect, positiveInt, type ServerOptions, serverOption, tokenOption } from '../../../options.js';
import { renderRows } from '../../../output/columns.js';
import type { Shell } from '../../../shell.js';
import { READ_EXIT_CODES } from '../exit-codes.js';
import { RUN_COLUMNS, runJson } from '../run-line.js';
import { savedFilter } from '../saved-filter.js';
import { type ConditionOptions, conditionOf, oneState } from './conditions.js';
import { fieldTexts } from './field-texts.js';
import { readPages } from './pages.js';
import { refuseUnsaved, saveFilter } from './saving.js';
import { sortText } from './sort-text.js';
import { type Asked, CSV_COLUMNS, type Format, listColumns } from './with-columns.js';
import { listGroups } from './with-groups.js';

interface Options extends ServerOptions, ConditionOptions {
  where?: string;
  saved?: string;
  save?: string;
  share: boolean;
  sort?: string;
  columns?: string;
  groupBy?: string;
  best?: 'highest' | 'lowest';
  limit: number;
  json: boolean;
  csv: boolean;
}

async function list(options: Options, shell: Shell): Promise<void> {
  const { groupBy, best, limit, save, share } = options;
  if (best !== undefined && (groupBy === undefined || options.columns === undefined))
    throw new UserError('--best needs --group-by and --columns');
  if (share && save === undefined) throw new UserError('--share needs --save');
  if (save !== undefined) refuseUnsaved(unsavedOf(options));
  const { Api } = await import('../../../api.js');
  const api = Api.of(options);
  const { query, columns, sort } = await shownBy(api, options, shell.warn);
  const asked: Asked = {
    where: await conditionOf(api, options),
    query: query ?? null,
    sort,
    limit,
  };
  if (save !== undefined) {
    const fields = columns === undefined ? null : fieldTexts('--columns', 'fields', columns);
    await saveFilter(api, save, { query, columns: fields, sort, shared: share });
    shell.warn(`saved the filter "${save}"`);
  }
  const format: Format = options.json ? 'json' : options.csv ? 'csv' : 'table';
  const what = groupBy === undefined ? 'run' : 'group';
  const { shown, total } = await listAs(api, asked, { groupBy, columns, best, format }, shell);
  if (shown === 0 && format === 'table') shell.warn('no run matches');
  if (shown < total) shell.warn(`${shown} of ${total} ${what}s; see all with --limit ${total}`);
}

/**
 * The filter, and the columns and order of the list. They default to those of a saved filter, except for groups, which have other
 * columns than runs.
 * @throws UserError if both --where and --saved are given
 */
async function shownBy(
  api: Api,
  { where, saved, columns, sort: written, groupBy }: Options,
  warn: Shell['warn'],
): Promise<{ query: string | undefined; columns: string | undefined; sort: string | null }> {
  // Only this option ever took words, and only for runs. A saved order is one of fields.
  const sort = groupBy === undefined ? sortText(written, warn) : (written ?? null);
  if (saved === undefined) return { query: where, columns, sort };
  if (where !== undefined) throw new UserError('give either --where or --saved');
  const filter = await savedFilter(api, saved);
  if (groupBy !== undefined) return { query: filter.query, columns, sort };
  const kept = filter.columns.length > 0 ? filter.columns.join(', ') : undefined;
  return { query: filter.query, columns: columns ?? kept, sort: sort ?? filter.sort ?? null };
}

const unsavedOf = ({ state, dataset, method, study, tag, search, archived, groupBy, saved }: Options) => ({
  '--state': state.length > 0,
  '--dataset': dataset !== undefined,
  '--method': method.length > 0,
  '--study': study !== undefined,
  '--tag': tag.length > 0,
  '--search': search !== undefined,
  '--archived': archived,
  '--group-by': groupBy !== undefined,
  '--saved': saved !== undefined,
});

async function listAs(
  api: Api,
  asked: Asked,
  { groupBy, columns, best = 'highest', format }: Pick<Options, 'groupBy' | 'columns' | 'best'> & { format: Format },
  { print }: Shell,
): Promise<{ shown: number; total: number }> {
  if (groupBy !== undefined) {
    const by = fieldTexts('--group-by', 'by', groupBy);
    const values =
      columns === undefined ? { ...by, argument: 'values', texts: [] } : fieldTexts('--columns', 'values', columns);
    return listGroups(api, asked, { by, values, best: best === 'lowest' ? 'LOWEST' : 'HIGHEST' }, format, print);
  }
  if (columns !== undefined || format === 'csv') {
    return listColumns(api, asked, fieldTexts('--columns', 'fields', columns ?? CSV_COLUMNS), format, print);
  }
  const { limit, ...variables } = asked;
  const { found, total } = await readPages(limit, async (page) => {
    return (await api.send(ListRunsDocument, { ...variables, ...page })).runs;
  });
  if (format === 'json') print(JSON.stringify(found.map(runJson), null, 2));
  else if (found.length > 0) for (const line of renderRows(RUN_COLUMNS, found)) print(line);
  return { shown: found.length, total };
}

const repeated = (flags: string, text: string): Option =>
  new Option(flags, `${text}; may be repeated`).argParser(collect).default([], 'any');

export function listCommand(shell: Shell): Command {
  const command = new Command('list')
    .description('Lists runs, newest first, or groups of runs.')
    .addOption(
      new Option('--state <state>', `only runs in this state: ${RUN_STATES.join(', ')}; may be repeated`)
        .argParser(oneState)
        .default([], 'any'),
    )
    .option('--dataset <name>', 'only runs on this dataset')
    .addOption(repeated('--method <name>', 'only runs of this method, such as cps_cutmix'))
    .option('--study <name-or-id>', 'only runs of this study')
    .addOption(repeated('--tag <tag>', 'only runs with this tag'))
    .option('--search <text>', 'only runs whose name contains this text, or whose number equals it')
    .option('--where <filter>', 'only runs that meet this condition (docs/api/filter.md)')
    .option('--saved <name-or-id>', 'only runs that meet this saved filter, with its columns and order')
    .option('--save <name>', 'also save --where, --columns and --sort as a filter of this name')
    .option('--share', 'with --save: everybody may use the filter', false)
    .option('--archived', 'archived runs, too', false)
    .option('--columns <fields>', 'show these fields (docs/api/runs.md); of groups, statistics of these numbers')
    .option('--sort <fields>', "sort by these fields, such as 'miou desc, seed'; groups also by count")
    .option('--group-by <fields>', 'group runs that have the same values of these fields')
    .addOption(
      new Option(
        '--best <which>',
        'with --group-by: the best run of a group has the highest or lowest value in the first column (default: highest)',
      ).choices(['highest', 'lowest']),
    )
    .option('--limit <count>', 'at most this many runs or groups', positiveInt, 25)
    .addOption(jsonOption('print one JSON array; IoU in [0, 1]').conflicts('csv'))
    .addOption(new Option('--csv', 'print CSV with a header').default(false))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (options: Options) => list(options, shell));
  return withNotes(command, {
    examples: [
      ['run list', 'the 25 newest'],
      ['run list --state FAILED --state RUNNING', 'in one of two states'],
      [`run list --study "Shapes at 1/8" --sort 'miou desc'`, 'of one study, best first'],
      [
        `run list --where 'iou("traffic light") < 5% and not alarm(takeover)'`,
        'by settings, metrics, IoU of classes, alarms',
      ],
      [`run list --columns 'number, seed, iou("pole")' --sort 'iou("pole") desc' --csv`, 'a table of your own'],
      [`run list --group-by 'method, network.backbone' --columns 'miou, duration'`, 'means over seeds'],
      [`run list --where 'iou(pole) < 5%' --save "weak poles"`, 'saves the filter; --saved uses it'],
      ["run list --state QUEUED --json | jq '.[].number'", 'for a script'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
