import { dataWarnings } from '../../schema/data-warnings.js';
import { padEndTo, padStartTo, widestOf } from '../../schema/display-width.js';
import type { TableFieldsFragment } from '../../schema/generated/cli/graphql.js';

type Statistic = TableFieldsFragment['rows'][number]['meanIou'] | undefined;

/** The study's table as lines of text: one row per class, one column per method, IoU in percent. Then what looks wrong with the data. */
export function renderTable(table: TableFieldsFragment): string {
  const header = [`IoU on ${table.subset.toLowerCase()}, %`, ...table.rows.map((row) => row.methodLabel)];
  const labels = ['labelled', ...table.rows.map((row) => row.splitLabel)];
  const mean = ['mIoU', ...table.rows.map((row) => percent(row.meanIou))];
  const rare = hasRare(table) ? [['rare classes', ...table.rows.map((row) => percent(row.rareMeanIou))]] : [];
  const classes = table.classes.map((one, index) => [
    one.name,
    ...table.rows.map((row) => percent(row.classIous[index])),
  ]);
  const warnings = dataWarnings(table.rows.flatMap(({ runs }) => runs)).map((warning) => `warning: ${warning}`);
  const notes = hasRare(table) ? [`rare classes: mean IoU of ${rareNames(table)}`] : [];
  return [renderColumns([header, labels, mean, ...rare, ...classes], 3 + rare.length), ...notes, ...warnings].join(
    '\n',
  );
}

/** Whether the table has means of rare classes. */
export const hasRare = ({ rareClasses }: TableFieldsFragment): boolean => rareClasses.length > 0;

export const rareNames = ({ rareClasses }: TableFieldsFragment): string =>
  rareClasses.map(({ name }) => name).join(', ');

/** In percent, with the standard deviation if there are several runs. */
export function percent(statistic: Statistic): string {
  if (!statistic) return '–';
  const std = statistic.std === null || statistic.std === undefined ? '' : ` ± ${(statistic.std * 100).toFixed(1)}`;
  return (statistic.mean * 100).toFixed(1) + std;
}

/** Left-aligned first column, right-aligned others, a rule below the first `headLines` lines. */
function renderColumns(rows: string[][], headLines: number): string {
  const widths = rows[0]!.map((_, column) => widestOf(rows.map((row) => row[column]!)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? padEndTo : padStartTo)(cell, widths[column]!)).join('  '),
  );
  lines.splice(headLines, 0, '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)));
  return lines.join('\n');
}
