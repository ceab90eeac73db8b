import { canonical } from '../../schema/canonical.js';
import type { PlannedRun } from '../../schema/study-extension.js';
import { refusal } from '../graphql/errors.js';
import { RunState } from '../runs/run.entity.js';
import { type Axis, compareValues, type Key, plannedValueIn, valueIn } from './axes.js';
import type { ComparedRun } from './compared-run.js';

/** The runs that have the values of a row and a column. */
export interface Cell {
  runs: ComparedRun[];
  /** Those that the numbers are computed from; each has a finite value. */
  counted: ComparedRun[];
  /** Whether the counted runs are completed. */
  completed: boolean;
  /** Those with a finite value that is left out, because its evaluation covers fewer images than another one. */
  partial: ComparedRun[];
  /** Runs of the study's matrix that do not exist. */
  missing: PlannedRun[];
}

/** Cells by row and column. */
export interface Grid {
  rows: Key[];
  columns: Key[];
  /** Null where there are no runs. */
  cells: (Cell | null)[][];
}

/** A cell without runs takes memory, too. */
const MOST_CELLS = 20_000;

/**
 * Arranges runs. Missing runs whose row or column is not known before they exist are in `unplaced`.
 * @param whole how many images an evaluation must cover to count (see mostImages)
 * @throws BAD_USER_INPUT for a table of too many cells
 */
export function gridOf(
  rowAxes: readonly Axis[],
  columnAxes: readonly Axis[],
  runs: readonly ComparedRun[],
  missing: readonly PlannedRun[],
  whole: ReadonlyMap<string, number>,
): Grid & { unplaced: PlannedRun[] } {
  const [rows, columns] = [new Keys(rowAxes), new Keys(columnAxes)];
  const cells = new Map<string, Cell>();
  const unplaced: PlannedRun[] = [];
  const cellAt = (row: string, column: string): Cell => {
    const place = `${row} ${column}`;
    const cell = cells.get(place) ?? { runs: [], counted: [], completed: false, partial: [], missing: [] };
    cells.set(place, cell);
    return cell;
  };
  for (const run of runs) {
    const of = (axis: Axis) => valueIn(axis, run);
    cellAt(rows.add(rowAxes.map(of)), columns.add(columnAxes.map(of))).runs.push(run);
  }
  for (const planned of missing) {
    const of = (axis: Axis) => plannedValueIn(axis, planned);
    const [row, column] = [rowAxes.map(of), columnAxes.map(of)];
    if ([...row, ...column].includes(undefined)) unplaced.push(planned);
    else cellAt(rows.add(row), columns.add(column)).missing.push(planned);
  }
  for (const cell of cells.values()) Object.assign(cell, countedOf(cell.runs, whole));
  const [sortedRows, sortedColumns] = [rows.sorted(), columns.sorted()];
  const size = sortedRows.length * sortedColumns.length;
  if (size > MOST_CELLS) {
    const got = { rows: sortedRows.length, columns: sortedColumns.length };
    throw refusal('TABLE_TOO_LARGE', { most: MOST_CELLS, ...got });
  }
  return {
    rows: sortedRows.map(({ key }) => key),
    columns: sortedColumns.map(({ key }) => key),
    cells: sortedRows.map((row) => sortedColumns.map((column) => cells.get(`${row.text} ${column.text}`) ?? null)),
    unplaced,
  };
}

/** The distinct keys of rows or columns. */
class Keys {
  private readonly keys = new Map<string, Key>();
  /** Most values are those of a few configurations, and writing a group of settings takes a while. */
  private readonly texts = new Map<unknown, string>();

  constructor(private readonly axes: readonly Axis[]) {}

  /** Returns a text that is equal for equal keys. */
  add(key: Key): string {
    const text = `[${key.map((value) => this.textOf(value)).join(',')}]`;
    if (!this.keys.has(text)) this.keys.set(text, key);
    return text;
  }

  private textOf(value: unknown): string {
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    const text = canonical(value);
    this.texts.set(value, text);
    return text;
  }

  sorted(): { text: string; key: Key }[] {
    return [...this.keys]
      .map(([text, key]) => ({ text, key }))
      .sort((a, b) => this.axes.reduce((order, axis, i) => order || compareValues(axis, a.key[i], b.key[i]), 0));
  }
}

/** The largest number of images that an evaluation covers, by what is evaluated. */
export function mostImages(runs: readonly ComparedRun[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const run of runs) {
    if (run.value === null) continue;
    const key = evaluated(run);
    most.set(key, Math.max(run.images, most.get(key) ?? 0));
  }
  return most;
}

/** Whether the evaluation behind the value of a run covers as many images as any. @param whole see mostImages */
export const isWhole = (run: ComparedRun, whole: ReadonlyMap<string, number>): boolean =>
  run.images >= whole.get(evaluated(run))!;

const evaluated = ({ datasetId, settings }: ComparedRun): string =>
  `${datasetId} ${settings.flat.get('data.imageScale')} ${settings.flat.get('data.applyOrientation')}`;

/**
 * The runs to average: completed ones, or else those in progress, or else all. Partly trained runs would lower the mean of
 * completed ones, and runs that have stopped early that of runs in progress. An evaluation that covers fewer images than
 * another of the same subset is left out, too: a run in progress may be evaluated on the first ones only.
 */
export function countedOf(
  runs: readonly ComparedRun[],
  whole: ReadonlyMap<string, number>,
): Pick<Cell, 'counted' | 'completed' | 'partial'> {
  const finite = runs.filter(({ value }) => value !== null && Number.isFinite(value));
  const known = finite.filter((run) => isWhole(run, whole));
  const partial = finite.filter((run) => !isWhole(run, whole));
  const completed = known.filter(({ state }) => state === RunState.COMPLETED);
  if (completed.length > 0) return { counted: completed, completed: true, partial };
  const going = known.filter(({ state }) => state !== RunState.FAILED && state !== RunState.CANCELED);
  return { counted: going.length > 0 ? going : known, completed: false, partial };
}
