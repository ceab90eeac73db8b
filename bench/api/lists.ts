import type { TestStack } from '../../e2e/support/test-stack.js';
import { msOf, quantile } from '../measure.js';
import type { BenchDatabase } from './database.js';
import { millisecondsEach, type ProcessorTime, processorTime } from './processor-time.js';

/** Processor time is counted in hundredths of a second. */
const REPEATS = 50;

export interface ListFigure {
  /** The median of the request. */
  ms: number;
  /** The processor time of a request, in milliseconds: what it takes on an idle machine, and how much of it is SQL. */
  cpuMs: ProcessorTime;
  /** The median of one bare SQL statement for the same rows. */
  sqlMs: number;
  /** The processor time that PostgreSQL needs for that. */
  sqlCpuMs: number;
}

/** What the dashboard's table of runs shows. */
const COLUMNS = `id number name state phase method methodLabel splitLabel backbone seed tags step iterations splitHash failure
  createdAt startedAt finishedAt dataset { id name } study { id name } runner { id name } evaluation { id step meanIou }
  alarms { id step overStep kind }`;

const page = (args: string, fields = COLUMNS) =>
  `{ runs(first: 100, ${args}) { totalCount pageInfo { hasNextPage endCursor } edges { node { ${fields} } } } }`;
const filtered = (query: string) => page(`query: ${JSON.stringify(query)}`, 'id');

const PAGE_SQL = `SELECT run.*, study.name, scores.newest_mean_iou,
    (SELECT json_agg(alarm) FROM alarms alarm WHERE alarm.run_id = run.id) AS alarms,
    (SELECT runner.name FROM attempts JOIN runners runner ON runner.id = runner_id WHERE run_id = run.id ORDER BY fence DESC LIMIT 1)
  FROM runs run LEFT JOIN studies study ON study.id = run.study_id
  LEFT JOIN run_scores scores ON scores.run_id = run.id AND scores.network = 'BRANCH1' AND scores.subset = 'VAL'
  ORDER BY scores.newest_mean_iou DESC NULLS LAST LIMIT 100`;

/** Filters of every kind, and a bare condition of SQL. */
const FILTERS: Record<string, string> = {
  'state = failed': `state = 'FAILED'`,
  'dataset = lab and method = cps': `config ->> 'dataset' = 'lab' AND method = 'cps'`,
  'study = "study 7"': `study_id = (SELECT id FROM studies WHERE name = 'study 7')`,
  'tag = "tag 3"': `tags @> ARRAY['tag 3']`,
  'runner = lab': `EXISTS (SELECT FROM attempts JOIN runners r ON r.id = runner_id WHERE run_id = run.id AND r.name = 'lab')`,
  'author is known': 'author_id IS NOT NULL',
  'network.width = 0.5': `(config #>> '{network,width}')::float8 = 0.5`,
  'name contains "run 99"': `name ILIKE '%run 99%'`,
  'finished > "2026-01-01" and duration > 1h': `finished_at > '2026-01-01' AND finished_at - started_at > interval '1 hour'`,
  'last("series 3") > 0.5': `EXISTS (SELECT FROM series s JOIN run_points p USING (run_id) WHERE s.run_id = run.id
     AND s.name = 'series 3' AND p.last_values[array_position(p.series, s.id)] > 0.5)`,
  'min("series 3") > 0.5': `EXISTS (SELECT FROM series s WHERE s.run_id = run.id AND s.name = 'series 3' AND low > 0.5)`,
  'mean100("series 3") > 0.5': `EXISTS (SELECT FROM series s WHERE s.run_id = run.id AND s.name = 'series 3' AND mean100 > 0.5)`,
  'miou > 0.9': `EXISTS (SELECT FROM run_scores s WHERE s.run_id = run.id AND s.network = 'BRANCH1' AND s.subset = 'VAL'
     AND newest_mean_iou > 0.9)`,
  'iou(pole, network: ensemble, pick: best) < 0.05': `EXISTS (SELECT FROM run_scores s WHERE s.run_id = run.id
     AND s.network = 'ENSEMBLE' AND s.subset = 'VAL' AND best_ious[1] < 0.05)`,
  'alarm(takeover, active: true)': `EXISTS (SELECT FROM alarms WHERE run_id = run.id AND kind = 'TAKEOVER' AND over_step IS NULL)`,
};

const GROUPS_SQL = `SELECT run.method, run.backbone, count(*), avg(s.newest_mean_iou), stddev_samp(s.newest_mean_iou),
    avg(s.newest_ious[1]) FROM runs run LEFT JOIN run_scores s ON s.run_id = run.id AND s.network = 'BRANCH1' AND s.subset = 'VAL'
  GROUP BY 1, 2`;

/** How long lists of runs take, with the lab's database (lab.ts). */
export async function lists(stack: TestStack, database: BenchDatabase) {
  const measure = (query: string, sql: string) => measured(stack, database, query, sql);
  const byMiou = 'sort: "miou desc"';
  const after = await cursorOf(stack, byMiou, 50);
  const series = Array.from({ length: 25 }, (_, index) => `"last(\\"series ${index + 1}\\")"`).join();
  const pages = {
    nothing: await measure('{ __typename }', 'SELECT 1'),
    'by mIoU': await measure(page(byMiou), PAGE_SQL),
    'by mIoU, page 51': await measure(page(`${byMiou}, after: "${after}"`), `${PAGE_SQL} OFFSET 5000`),
    'newest first': await measure(
      page('sort: "number desc"'),
      PAGE_SQL.replace('scores.newest_mean_iou DESC NULLS LAST', 'run.number DESC'),
    ),
    'by mIoU, with 25 series': await measure(page(byMiou, `${COLUMNS} series { name lastStep lastValue }`), PAGE_SQL),
    'by mIoU, with 25 columns': await measure(page(byMiou, `${COLUMNS} values(fields: [${series}])`), PAGE_SQL),
    'by the IoU of a class': await measure(
      page('sort: "iou(pole) desc"'),
      PAGE_SQL.replace('scores.newest_mean_iou DESC', 'scores.newest_ious[1] DESC'),
    ),
    'by a setting': await measure(
      page('sort: "network.width, number"'),
      PAGE_SQL.replace('scores.newest_mean_iou DESC NULLS LAST', `(config #>> '{network,width}')::float8`),
    ),
    'by a series': await measure(page('sort: "last(\\"series 3\\") desc"'), PAGE_SQL),
  };
  const filters: Record<string, ListFigure> = {};
  for (const [query, condition] of Object.entries(FILTERS)) {
    filters[query] = await measure(
      filtered(query),
      `SELECT id FROM runs run WHERE ${condition} ORDER BY number DESC LIMIT 100`,
    );
  }
  const groups = await measure(
    `{ runGroups(by: ["method", "backbone"], values: ["miou", "iou(pole)"], first: 100) { totalCount edges { node { key count
       values { n mean std minimum maximum } best { number } } } } }`,
    GROUPS_SQL,
  );
  return { pages, filters, groups };
}

/** The cursor at the end of a page. */
async function cursorOf(stack: TestStack, args: string, pages: number): Promise<string> {
  let after = '';
  for (let turn = 0; turn < pages; turn++) {
    const { runs } = await stack.send<{ runs: { pageInfo: { endCursor: string } } }>(
      page(after ? `${args}, after: "${after}"` : args, 'id'),
    );
    after = runs.pageInfo.endCursor;
  }
  return after;
}

async function measured(stack: TestStack, database: BenchDatabase, query: string, sql: string): Promise<ListFigure> {
  const repeated = async (ask: () => Promise<unknown>) => {
    // The first ones also compile code and fill caches.
    for (let turn = 0; turn < 3; turn++) await ask();
    const times: number[] = [];
    const before = await processorTime(stack.server!.pid, database);
    for (let turn = 0; turn < REPEATS; turn++) times.push(await msOf(ask));
    const after = await processorTime(stack.server!.pid, database);
    return { ms: quantile(times, 0.5), cpuMs: millisecondsEach(before, after, REPEATS) };
  };
  const request = await repeated(() => stack.send(query));
  const bare = await repeated(() => database.query(sql));
  return { ...request, sqlMs: bare.ms, sqlCpuMs: bare.cpuMs.postgres };
}
