import type { Interval } from '../statistics/summary.js';

/** A number of a table. */
export interface PivotValue {
  /** What the numbers are, such as "mIoU on VAL, network BRANCH1, newest evaluation". */
  title: string;
  /** Shares, in [0, 1], are shown in percent. */
  isShare: boolean;
  /** Which of the values compared is the best one; null if none is better than others. */
  best: 'HIGHEST' | 'LOWEST' | null;
}

export interface PivotTableColumn {
  labels: readonly string[];
  /** If the column is of another number than the table's: that number. */
  value?: PivotValue;
}

/** A pivot table as it is rendered: what the API returns, without the runs. */
export interface PivotTable extends PivotValue {
  /** Whether the values of a column compete, or those of a row. */
  bestWithin: 'COLUMN' | 'ROW';
  rowFields: readonly string[];
  columnFields: readonly string[];
  columns: readonly PivotTableColumn[];
  rows: readonly PivotTableRow[];
  /** What a reader must know: warnings, and where published numbers come from. */
  notes: readonly string[];
}

export interface PivotTableRow {
  labels: readonly string[];
  /** One for each column; null where there are no runs. */
  cells: readonly (PivotTableCell | null)[];
  /** Whether the numbers are a paper's. They are never marked as the best. */
  isPublished: boolean;
}

export interface PivotTableCell {
  n: number;
  mean: number | null;
  std: number | null;
  min: number | null;
  max: number | null;
  interval: Interval | null;
  /** Whether the numbers are those of completed runs. */
  completed: boolean;
  /** Which runs have no value, such as "1 failed, 2 missing"; empty if all have one. */
  lacking: string;
  /** The numbers of the runs behind it. */
  runs: readonly number[];
  gain: { difference: number; p: number | null } | null;
  /** The value that a paper reports, for the same method, backbone and labels; null if there is none. */
  published: number | null;
}
