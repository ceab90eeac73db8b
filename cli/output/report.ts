import { dataWarnings } from '../../schema/data-warnings.js';
import {
  StudyReportDocument,
  type StudyReportQuery,
  type TableFieldsFragment,
} from '../../schema/generated/cli/graphql.js';
import { parameterWords } from '../../schema/parameter-words.js';
import type { RunConfig } from '../../schema/run-config.js';
import type { Api } from '../api.js';
import { hasRare, percent, rareNames } from './table.js';

type Study = NonNullable<StudyReportQuery['study']>;
type Run = Study['runs']['edges'][number]['node'];

/**
 * The results of a study as Markdown: its table, every run with its scores on the table's subset, and the exact
 * configurations. @throws Error if the study does not exist
 */
export async function studyReport(api: Api, studyId: string, table: TableFieldsFragment): Promise<string> {
  const { study } = await api.send(StudyReportDocument, { studyId, subset: table.subset });
  if (!study) throw new Error(`there is no study "${studyId}": was it deleted?`);
  // A row without results has nothing to report, and no split yet.
  return renderReport(study, { ...table, rows: table.rows.filter((row) => row.n > 0) });
}

function renderReport(study: Study, table: TableFieldsFragment): string {
  const runs = study.runs.edges.map(({ node }) => node);
  const completed = runs.filter(({ state }) => state === 'COMPLETED');
  const [first] = completed;
  const left = runs.length - completed.length;
  return [
    `# ${study.name}`,
    `${study.description} ${describeSplit(table, first)}`,
    `Measured with ${first?.setup?.engine ?? 'no engine'} on ${first?.setup?.device ?? 'no device'}, Node ${process.version}; ${completed.length} runs completed${left > 0 ? `, ${left} not` : ''}.`,
    `## IoU on ${table.subset.toLowerCase()}, in %: mean ± standard deviation over the seeds, of network 1`,
    classTable(table),
    ...dataWarnings(table.rows.flatMap(({ runs }) => runs)).map((warning) => `**Warning:** ${warning}`),
    '## Runs',
    runTable(completed, table),
    '## Configurations',
    'One configuration per setting, the one with the lowest seed. Every other run differs from one of these only in its seed:',
    ...firstOfEachSetting(completed).map((run) => `\`\`\`json\n${JSON.stringify(run.config)}\n\`\`\``),
    '',
  ].join('\n\n');
}

function describeSplit(table: TableFieldsFragment, run: Run | undefined): string {
  const hashes = [...new Set(table.rows.map(({ splitHash }) => splitHash ?? 'not drawn yet'))];
  const images = run?.setup;
  if (!images) return `Split ${hashes.join(', ')}.`;
  return `${images.labelledImages} labelled and ${images.unlabelledImages} unlabelled images (split ${hashes.join(', ')}), ${parameterWords(images)}.`;
}

function classTable(table: TableFieldsFragment): string {
  const { rows, classes } = table;
  return markdown([
    ['', ...rows.map((row) => row.methodLabel)],
    ['seeds', ...rows.map((row) => String(row.n))],
    ['**mIoU**', ...rows.map((row) => `**${percent(row.meanIou)}**`)],
    ...(hasRare(table) ? [[`rare classes: ${rareNames(table)}`, ...rows.map((row) => percent(row.rareMeanIou))]] : []),
    ['pixel accuracy', ...rows.map((row) => percent(row.pixelAccuracy))],
    ['frequency-weighted IoU', ...rows.map((row) => percent(row.frequencyWeightedIou))],
    ...classes.map(({ name }, index) => [name, ...rows.map((row) => percent(row.classIous[index]))]),
  ]);
}

function runTable(runs: readonly Run[], { rows: groups, subset }: TableFieldsFragment): string {
  const labels = new Map(groups.flatMap(({ runs: of, methodLabel }) => of.map(({ number }) => [number, methodLabel])));
  const share = (value: { meanIou?: number | null } | null | undefined) =>
    typeof value?.meanIou === 'number' ? (100 * value.meanIou).toFixed(2) : '';
  const rows = runs.map((run) => [
    labels.get(run.number) ?? '',
    String(run.seed),
    String(run.branch1?.step ?? ''),
    share(run.branch1),
    share(run.branch2),
    share(run.ensemble),
    minutes(run),
  ]);
  const mean = `mIoU on ${subset.toLowerCase()}, network 1`;
  const header = ['method', 'seed', 'iterations', mean, 'network 2', 'both', 'minutes'];
  return markdown([header, ...rows]);
}

function minutes({ startedAt, finishedAt }: Run): string {
  if (!startedAt || !finishedAt) return '';
  return ((Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000).toFixed(1);
}

/** One run of each group that differs only in the seed: the one with the lowest. */
function firstOfEachSetting(runs: readonly Run[]): Run[] {
  const first = new Map<string, Run>();
  for (const run of [...runs].sort((a, b) => a.seed - b.seed)) {
    const { seed: _, ...setting } = run.config as RunConfig;
    const key = JSON.stringify(setting);
    if (!first.has(key)) first.set(key, run);
  }
  return [...first.values()];
}

/** A Markdown table; the first row is its header. */
function markdown([header, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(header!), line(header!.map(() => '---')), ...rows.map(line)].join('\n');
}
