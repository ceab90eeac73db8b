import { Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import {
  ListRunsDocument,
  type ListRunsQuery,
  type RunFilter,
  type RunLineFragment,
  type RunOrderField,
  type RunState,
  StudiesDocument,
  type StudiesQuery,
} from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';
import { jsonOption, withNotes } from '../../help.js';
import { collect, positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { renderRows } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { RUN_COLUMNS, runJson } from './run-line.js';

interface Options extends ServerOptions {
  state: RunState[];
  dataset?: string;
  method: string[];
  study?: string;
  tag: string[];
  search?: string;
  where?: string;
  sort: keyof typeof SORTS;
  limit: number;
  json: boolean;
}

const STATES: readonly RunState[] = ['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'];
const SORTS = {
  created: 'CREATED_AT',
  finished: 'FINISHED_AT',
  miou: 'MEAN_IOU',
  name: 'NAME',
  priority: 'PRIORITY',
} as const satisfies Record<string, RunOrderField>;
/** The largest page that the server returns. */
const PAGE = 100;

async function list(options: Options, { print, warn }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  const { runs, total } = await runsOf(api, await filterOf(api, options), options);
  if (options.json) print(JSON.stringify(runs.map(runJson), null, 2));
  else if (runs.length > 0) for (const line of renderRows(RUN_COLUMNS, runs)) print(line);
  else warn('no run matches');
  if (runs.length < total) warn(`${runs.length} of ${total} runs; see all with --limit ${total}`);
}

async function runsOf(api: Api, filter: RunFilter, { where: query, sort, limit }: Options) {
  const orderBy = { field: SORTS[sort], direction: sort === 'name' ? 'ASC' : 'DESC' } as const;
  const found: RunLineFragment[] = [];
  let after: string | null = null;
  for (;;) {
    const first = Math.min(PAGE, limit - found.length);
    const { runs }: ListRunsQuery = await api.send(ListRunsDocument, { filter, query, orderBy, first, after });
    found.push(...runs.edges.map(({ node }) => node));
    after = runs.pageInfo.endCursor;
    if (found.length >= limit || !runs.pageInfo.hasNextPage) return { runs: found, total: runs.totalCount };
  }
}

async function filterOf(api: Api, { state, dataset, method, study, tag, search }: Options): Promise<RunFilter> {
  return {
    states: state.length > 0 ? state : null,
    methods: method.length > 0 ? method : null,
    tags: tag.length > 0 ? tag : null,
    dataset,
    search,
    studyId: study === undefined ? null : await studyIdOf(api, study),
  };
}

/** The id of a study, from its id or name. @throws UserError unless exactly one study has that name */
async function studyIdOf(api: Api, study: string): Promise<string> {
  const found: string[] = [];
  let after: string | null = null;
  for (;;) {
    const { studies }: StudiesQuery = await api.send(StudiesDocument, { after });
    for (const { node } of studies.edges) {
      if (node.id === study) return node.id;
      if (node.name === study) found.push(node.id);
    }
    if (!studies.pageInfo.hasNextPage) break;
    after = studies.pageInfo.endCursor;
  }
  const [id, ...others] = found;
  if (id && others.length === 0) return id;
  if (!id) throw new UserError(`there is no study "${study}" on ${api.url}`);
  throw new UserError(`${found.length} studies are called "${study}": give the id of one: ${found.join(', ')}`);
}

function oneState(text: string, previous: RunState[]): RunState[] {
  const state = STATES.find((one) => one === text.toUpperCase());
  if (!state) throw new InvalidArgumentError(`Allowed choices are ${STATES.join(', ')}.`);
  return [...previous, state];
}

const repeated = (flags: string, text: string): Option =>
  new Option(flags, `${text}; may be repeated`).argParser(collect).default([], 'any');

export function listCommand(shell: Shell): Command {
  const command = new Command('list')
    .description('Lists runs, newest first.')
    .addOption(
      new Option('--state <state>', `only runs in this state: ${STATES.join(', ')}; may be repeated`)
        .argParser(oneState)
        .default([], 'any'),
    )
    .option('--dataset <name>', 'only runs on this dataset')
    .addOption(repeated('--method <name>', 'only runs of this method, such as cps_cutmix'))
    .option('--study <name-or-id>', 'only runs of this study')
    .addOption(repeated('--tag <tag>', 'only runs with this tag'))
    .option('--search <text>', 'only runs whose name contains this text, or whose number equals it')
    .option('--where <filter>', 'only runs that meet this condition (docs/api/filter.md)')
    .addOption(
      new Option('--sort <field>', 'sort by this field: name in ascending order, all others descending')
        .choices(Object.keys(SORTS))
        .default('created'),
    )
    .option('--limit <count>', 'at most this many runs', positiveInt, 25)
    .addOption(jsonOption('print one JSON array; IoU in [0, 1]'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (options: Options) => list(options, shell));
  return withNotes(command, {
    examples: [
      ['run list', 'the 25 newest'],
      ['run list --state FAILED --state RUNNING', 'in one of two states'],
      ['run list --study "Shapes at 1/8" --sort miou', 'of one study, best first'],
      [
        `run list --where 'iou("traffic light") < 5% and not alarm(takeover)'`,
        'by settings, metrics, IoU of classes, alarms',
      ],
      ["run list --state QUEUED --json | jq '.[].number'", 'for a script'],
    ],
    exitCodes: READ_EXIT_CODES,
  });
}
