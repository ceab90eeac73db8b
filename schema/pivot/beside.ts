import type { PivotTable, PivotTableCell, PivotTableColumn } from './table.js';

/** Another number of the same runs, rows and columns, and what its columns are called. */
export interface BesideTable extends PivotTable {
  name: string;
}

/** A table with a column of each other number beside each of its own. Rows that are published have numbers of the table alone. */
export function withBeside(table: PivotTable, others: readonly BesideTable[]): PivotTable {
  if (others.length === 0) return table;
  const columns = table.columns.flatMap((column): PivotTableColumn[] => [
    column,
    ...others.map(({ name, title, isShare, best }) => ({
      labels: [...column.labels, name],
      value: { title, isShare, best },
    })),
  ]);
  const rows = table.rows.map((row, r) => ({
    ...row,
    cells: row.cells.flatMap((cell, c) => [cell, ...others.map((other) => cellAt(table, other, r, c))]),
  }));
  const titles = others.map(({ name, title, isShare }) => `${name}: ${title}${isShare ? ', in percent' : ''}.`);
  const notes = new Set([...titles, ...table.notes, ...others.flatMap((other) => other.notes)]);
  return { ...table, columns, rows, notes: [...notes] };
}

/** The cell of another table at the place of a cell. Null if runs were added between the reading of the two, so that rows differ. */
function cellAt(table: PivotTable, other: PivotTable, r: number, c: number): PivotTableCell | null {
  const isSame = (a: readonly string[], b: readonly string[] | undefined) => a.join('\n') === b?.join('\n');
  const row = other.rows[r];
  if (!row || row.isPublished || !isSame(table.rows[r]!.labels, row.labels)) return null;
  return isSame(table.columns[c]!.labels, other.columns[c]?.labels) ? row.cells[c]! : null;
}
