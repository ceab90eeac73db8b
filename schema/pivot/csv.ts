import { csvField } from './escape.js';
import type { PivotTable, PivotTableCell } from './table.js';

type Field = string | number | null;

/**
 * One line for each cell, with all of its numbers, unrounded. Empty where a value is not known. Lines end in CR and LF, as RFC 4180
 * asks. Numbers beside the table's come last, so that the other columns keep their places.
 */
export function csv(table: PivotTable): string {
  const { title, rowFields, columnFields, columns, rows } = table;
  const own = [...columns.keys()].filter((column) => columns[column]!.value === undefined);
  const beside = columns.slice(1, own[1]).flatMap(({ value }) => value?.title ?? []);
  const header = [
    ...rowFields,
    ...columnFields,
    `mean of ${title}`,
    ...['std', 'n', 'min', 'max', 'ci95_low', 'ci95_high', 'completed', 'lacking'],
    ...['gain', 'gain_p', 'published', 'source', 'runs'],
    ...beside.flatMap((other) => ['mean', 'std', 'n', 'gain', 'gain_p'].map((name) => `${name} of ${other}`)),
  ];
  const lines = rows.flatMap(({ labels, isPublished, cells }) =>
    own.flatMap((column): Field[][] => {
      const cell = cells[column];
      if (!cell) return [];
      const { min, max, interval, completed, lacking, published, runs } = cell;
      const [mean, std, n, gain, p] = numbersOf(cell);
      return [
        [
          ...labels,
          ...columns[column]!.labels,
          ...[mean, std, n, min, max, interval?.low ?? null, interval?.high ?? null],
          ...[String(completed), lacking, gain, p, published],
          ...[isPublished ? 'published' : 'measured', runs.join(' ')],
          ...beside.flatMap((_, i) => numbersOf(cells[column + 1 + i] ?? null)),
        ],
      ];
    }),
  );
  return `${[header, ...lines].map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`;
}

function numbersOf(cell: PivotTableCell | null): [mean: Field, std: Field, n: Field, gain: Field, p: Field] {
  if (!cell) return [null, null, null, null, null];
  return [cell.mean, cell.std, cell.n, cell.gain?.difference ?? null, cell.gain?.p ?? null];
}
