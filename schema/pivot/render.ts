import { onOneLine, padEndTo, padStartTo, widestOf } from '../display-width.js';
import { csv } from './csv.js';
import { latexText, markdownText } from './escape.js';
import type { PivotTable, PivotTableCell, PivotTableRow, PivotValue } from './table.js';

export const PIVOT_FORMATS = ['TEXT', 'CSV', 'MARKDOWN', 'LATEX'] as const;
export type PivotFormat = (typeof PIVOT_FORMATS)[number];

/** What a cell shows besides its mean. */
export interface PivotDetails {
  std: boolean;
  n: boolean;
  interval: boolean;
  gain: boolean;
  /** The difference to the published value. */
  published: boolean;
}

export const DEFAULT_DETAILS: PivotDetails = { std: true, n: true, interval: false, gain: false, published: false };

/**
 * Renders a table. CSV has one line for each cell, with all of its numbers, unrounded. The other formats show means in percent
 * where values are shares, and mark the best one.
 * @param digits after the point, from 0 to 10; CSV does not round
 */
export function renderPivot(
  table: PivotTable,
  format: PivotFormat,
  details: PivotDetails = DEFAULT_DETAILS,
  digits = 2,
): string {
  if (format === 'CSV') return csv(table);
  const text = cellTexts(table, details, digits);
  return { TEXT: plain, MARKDOWN: markdown, LATEX: latex }[format](table, text);
}

interface CellText {
  text: string;
  isBest: boolean;
}
type Texts = CellText[][];

/** The texts of all cells, by row. */
function cellTexts(table: PivotTable, details: PivotDetails, digits: number): Texts {
  const best = bestMeans(table, digits);
  return table.rows.map((row, r) =>
    row.cells.map((cell, c) => ({
      text: cellText(cell, details, numberOf(table, c).isShare, digits),
      isBest: best.has(`${r} ${c}`),
    })),
  );
}

/** What the numbers of a column are. */
const numberOf = (table: PivotTable, column: number): PivotValue => table.columns[column]?.value ?? table;

/** The places of the best means: those that are shown like the best one, if there is something to compare with. */
function bestMeans(table: PivotTable, digits: number): Set<string> {
  const { rows, columns, bestWithin } = table;
  const found = new Set<string>();
  const groups = new Map<string, { value: PivotValue; means: { place: string; mean: number }[] }>();
  for (const [r, { cells, isPublished }] of rows.entries()) {
    for (const c of columns.keys()) {
      const cell = cells[c];
      const value = numberOf(table, c);
      if (value.best === null || isPublished || !cell?.completed || cell.mean === null) continue;
      const key = bestWithin === 'COLUMN' ? `${c}` : `${r} ${value.title}`;
      const group = groups.get(key) ?? { value, means: [] };
      groups.set(key, group);
      group.means.push({ place: `${r} ${c}`, mean: cell.mean });
    }
  }
  for (const { value, means } of groups.values()) {
    if (means.length < 2) continue;
    const all = means.map(({ mean }) => mean);
    const number = (mean: number) => shown(mean, value.isShare, digits);
    const top = number(value.best === 'HIGHEST' ? Math.max(...all) : Math.min(...all));
    for (const { place, mean } of means) if (number(mean) === top) found.add(place);
  }
  return found;
}

function cellText(cell: PivotTableCell | null, details: PivotDetails, isShare: boolean, digits: number): string {
  if (!cell) return '';
  const { mean, std, n, interval, gain, published, completed, lacking } = cell;
  if (mean === null) return lacking;
  const number = (value: number) => shown(value, isShare, digits);
  const signed = (value: number) => (value < 0 ? '−' : '+') + number(Math.abs(value));
  const parts = [number(mean)];
  if (details.std && std !== null) parts.push(`± ${number(std)}`);
  if (details.interval && interval) parts.push(`[${number(interval.low)}, ${number(interval.high)}]`);
  if (details.n && n > 0) parts.push(`(n = ${n})`);
  if (details.gain && gain) parts.push(signed(gain.difference) + (gain.p === null ? '' : ` (${pText(gain.p)})`));
  if (details.published && published !== null)
    parts.push(`(published ${number(published)}, ${signed(mean - published)})`);
  if (!completed) parts.push('unfinished');
  if (lacking) parts.push(`(${lacking})`);
  return parts.join(' ');
}

const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** A number with this many digits after the point, in percent if it is a share. Very small and large ones have an exponent. */
function shown(value: number, isShare: boolean, digits: number): string {
  const number = isShare ? value * 100 : value;
  const size = Math.abs(number);
  const isOdd = size !== 0 && (size >= 1e9 || size < 0.5 * 10 ** -digits);
  const text = isOdd && !isShare ? number.toExponential(digits) : number.toFixed(digits);
  return text.replace(/^-(?=0(\.0*)?$)/, '').replace(/^-/, '−');
}

/** The first row of the table: the title of the numbers is above the labels of the rows. */
function headers({ title, isShare, rowFields, columnFields, columns }: PivotTable): string[] {
  const unit = isShare ? `${title}, %` : title;
  const labels = columns.map((column) => column.labels.join(', ') || unit);
  const names = rowFields.length > 0 ? [...rowFields] : [''];
  // With no columns to name, the title heads the only one.
  if (columnFields.length > 0) names[0] = [unit, names[0]].filter(Boolean).join(': ');
  return [...names, ...labels];
}

const labelsOf = ({ labels }: PivotTableRow): readonly string[] => (labels.length > 0 ? labels : ['']);

function plain(table: PivotTable, texts: Texts): string {
  const labels = headers(table).length - table.columns.length;
  const body = table.rows.map((row, r) => [
    ...labelsOf(row),
    ...texts[r]!.map(({ text, isBest }) => (isBest ? `* ${text}` : text) || '–'),
  ]);
  const lines = [headers(table), ...body].map((line) => line.map(onOneLine));
  const widths = lines[0]!.map((_, column) => widestOf(lines.map((line) => line[column]!)));
  const written = lines.map((line) =>
    line
      .map((text, column) => (column < labels ? padEndTo : padStartTo)(text, widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const marked = texts.flat().some(({ isBest }) => isBest) ? ['* best'] : [];
  const notes = [...marked, ...table.notes];
  return [written[0]!, rule, ...written.slice(1), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function markdown(table: PivotTable, texts: Texts): string {
  const names = headers(table);
  const labels = names.length - table.columns.length;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = table.rows.map((row, r) =>
    line([
      ...labelsOf(row).map(markdownText),
      ...texts[r]!.map(({ text, isBest }) => (isBest ? `**${markdownText(text)}**` : markdownText(text)) || '–'),
    ]),
  );
  const rule = line(names.map((_, column) => (column < labels ? '---' : '---:')));
  const notes = table.notes.map((note) => `\n${markdownText(note)}`);
  return [line(names.map(markdownText)), rule, ...body, ...notes].join('\n');
}

function latex(table: PivotTable, texts: Texts): string {
  const names = headers(table);
  const labels = names.length - table.columns.length;
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  const body = table.rows.flatMap((row, r) => {
    const cells = texts[r]!.map(
      ({ text, isBest }) => (isBest ? `\\textbf{${latexText(text)}}` : latexText(text)) || '--',
    );
    // Published numbers are set apart from our own.
    const isFirst = row.isPublished && r > 0 && !table.rows[r - 1]!.isPublished;
    return [...(isFirst ? ['    \\midrule'] : []), line([...labelsOf(row).map(latexText), ...cells])];
  });
  const caption = [`${table.title}${table.isShare ? ', in percent' : ''}.`, ...table.notes].map(latexText).join(' ');
  return [
    '% Needs \\usepackage{booktabs} and, for quotes, \\usepackage[T1]{fontenc}.',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${caption}}`,
    `  \\begin{tabular}{${'l'.repeat(labels)}${'r'.repeat(table.columns.length)}}`,
    '    \\toprule',
    line(names.map(latexText)),
    '    \\midrule',
    ...body,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n');
}
