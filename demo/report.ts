import type { StudyReportQuery, TableFieldsFragment } from '../schema/generated/demo/graphql.js';
import { percent } from './table.js';

type Study = NonNullable<StudyReportQuery['study']>;
type Run = Study['runs']['edges'][number]['node'];

/** What a study measured, as Markdown: the table, every run, and the exact configurations. */
export function renderReport(study: Study): string {
  const runs = study.runs.edges.map(({ node }) => node);
  const completed = runs.filter(({ state }) => state === 'COMPLETED');
  const [first] = completed;
  const left = runs.length - completed.length;
  // What is still to be trained has nothing to say, and no split yet.
  const table = { ...study.table, rows: study.table.rows.filter((row) => row.n > 0) };
  return [
    `${study.description} ${describeSplit(table, first)}`,
    `Measured with ${first?.setup?.engine ?? 'no engine'} on ${first?.setup?.device ?? 'no device'}, Node ${process.version}; ${completed.length} runs completed${left > 0 ? `, ${left} not` : ''}.`,
    `## IoU on ${table.subset.toLowerCase()}, in %: mean ± standard deviation over the seeds, of network 1`,
    classTable(table),
    '## Runs',
    runTable(completed),
    '## Configurations',
    'They differ by method and seed alone; of each method the one of the first seed:',
    ...firstOfEachMethod(completed).map((run) => `\`\`\`json\n${JSON.stringify(run.config)}\n\`\`\``),
    '',
  ].join('\n\n');
}

function describeSplit(table: TableFieldsFragment, run: Run | undefined): string {
  const hashes = [...new Set(table.rows.map(({ splitHash }) => splitHash ?? 'not drawn yet'))];
  const images = run?.setup;
  if (!images) return `Split ${hashes.join(', ')}.`;
  return `${images.labelledImages} labelled and ${images.unlabelledImages} unlabelled images (split ${hashes.join(', ')}), ${images.parameters.toLocaleString('en')} weights a network.`;
}

function classTable({ rows, classes }: TableFieldsFragment): string {
  return markdown([
    ['', ...rows.map((row) => row.methodLabel)],
    ['seeds', ...rows.map((row) => String(row.n))],
    ['**mIoU**', ...rows.map((row) => `**${percent(row.meanIou)}**`)],
    ['pixel accuracy', ...rows.map((row) => percent(row.pixelAccuracy))],
    ['frequency-weighted IoU', ...rows.map((row) => percent(row.frequencyWeightedIou))],
    ...classes.map(({ name }, index) => [name, ...rows.map((row) => percent(row.classIous[index]))]),
  ]);
}

function runTable(runs: readonly Run[]): string {
  const share = (value: { meanIou?: number | null } | null | undefined) =>
    typeof value?.meanIou === 'number' ? (100 * value.meanIou).toFixed(2) : '';
  const rows = runs.map((run) => [
    run.methodLabel,
    String(run.seed),
    String(run.branch1?.step ?? ''),
    share(run.branch1),
    share(run.branch2),
    share(run.ensemble),
    minutes(run),
  ]);
  const header = ['method', 'seed', 'iterations', 'mIoU, network 1', 'network 2', 'both', 'minutes'];
  return markdown([header, ...rows]);
}

function minutes({ startedAt, finishedAt }: Run): string {
  if (!startedAt || !finishedAt) return '';
  return ((Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000).toFixed(1);
}

function firstOfEachMethod(runs: readonly Run[]): Run[] {
  return runs.filter((run, index) => runs.findIndex((other) => other.method === run.method) === index);
}

/** A Markdown table; the first row is its header. */
function markdown([header, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(header!), line(header!.map(() => '---')), ...rows.map(line)].join('\n');
}
