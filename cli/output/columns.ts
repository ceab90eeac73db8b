import { onOneLine, padEndTo, padStartTo, widestOf } from '../../schema/display-width.js';

export interface Column<Row> {
  title: string;
  of(row: Row): string;
  /** For numbers. */
  right?: boolean;
}

/** Rows as lines of text: a header, then one line per row, each column as wide as needed. */
export function renderRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const texts = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))];
  const cells = texts.map((line) => line.map(onOneLine));
  const widths = columns.map((_, column) => widestOf(cells.map((line) => line[column]!)));
  return cells.map((line) =>
    line
      .map((cell, column) => (columns[column]!.right ? padStartTo : padEndTo)(cell, widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** A share in percent, or – when there is none. */
export function share(value: number | null | undefined): string {
  return typeof value === 'number' ? (100 * value).toFixed(1) : '–';
}

const UNITS: [seconds: number, unit: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** The time between two instants in its largest unit: "3 h". */
export function timeBetween(from: string, to: string | Date = new Date()): string {
  const seconds = Math.max(0, (new Date(to).getTime() - Date.parse(from)) / 1000);
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? UNITS.at(-1)!;
  return `${Math.floor(seconds / size)} ${unit}`;
}
