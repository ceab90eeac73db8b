import { hasSplit, type PublishedNumber, type PublishedTable, publishedFor } from '../../schema/published/published.js';
import { METHOD_LABELS, type RunConfig } from '../../schema/run-config.js';
import { type Axis, type Key, labelOf } from './axes.js';
import type { Cell, Grid } from './cells.js';
import type { ComparedRun } from './compared-run.js';

/** The published value for the runs of a cell; null unless it is the same for all of them. */
export function publishedOf(table: PublishedTable, { counted }: Cell): number | null {
  const found = new Set(
    counted.map(({ settings: { config }, labelledImages }) => publishedFor(table, { config, labelledImages })),
  );
  const [only] = found;
  return found.size === 1 ? (only?.meanIou ?? null) : null;
}

/** A row of published values, one for each column. */
export interface PublishedRow {
  labels: string[];
  key: Record<string, unknown>;
  values: (number | null)[];
}

/** The properties of published numbers that an axis can show. */
type Fit = (number: PublishedNumber) => boolean;

/**
 * Rows of what a paper reports, for the columns that the grid has.
 * @returns why there are none, if an axis is about something that the paper does not say
 */
export function publishedRows(
  table: PublishedTable,
  rowAxes: readonly Axis[],
  columnAxes: readonly Axis[],
  grid: Grid,
  runs: readonly ComparedRun[],
): { rows: PublishedRow[]; problem: string | null } {
  const none = (problem: string) => ({ rows: [], problem: `published numbers have no rows: ${problem}` });
  const isMethodRow = rowAxes.some((axis) => METHOD_AXES.has(axis.text));
  if (!isMethodRow) return none('no field of the rows is the method');
  // What the table does not tell apart must be the same for all runs. Otherwise, nobody knows which numbers are comparable.
  const told = [...rowAxes, ...columnAxes].map(({ text }) => text);
  const common: Fit[] = [];
  for (const { name, axes, of, fits } of FACTS) {
    if (told.some((text) => axes.includes(text))) continue;
    const values = new Map(runs.map((run) => [JSON.stringify(of(run)), run]));
    if (values.size !== 1) return none(`the runs differ in their ${name}, which neither rows nor columns are made of`);
    const [run] = values.values();
    common.push((number) => fits(number, run!));
  }
  const unknown = [...rowAxes, ...columnAxes].find(
    (axis) => !isSaid(axis.text) && valuesOf(axis, rowAxes, columnAxes, grid).size > 1,
  );
  if (unknown) return none(`the paper says nothing about ${unknown.text}`);
  const rows = new Map<string, PublishedRow>();
  const numbers = table.numbers.filter(
    (number) => (number.on ?? 'both') === 'both' && common.every((fits) => fits(number)),
  );
  for (const number of numbers) {
    const columns = grid.columns.flatMap((key, c) =>
      columnAxes.every((axis, i) => fitsAxis(axis, key[i], number)) ? [c] : [],
    );
    if (columns.length === 0) continue;
    for (const { labels, key } of rowsOf(number, rowAxes, grid)) {
      const text = labels.join('\n');
      const row = rows.get(text) ?? { labels, key, values: grid.columns.map(() => null) };
      rows.set(text, row);
      for (const column of columns) row.values[column] = number.meanIou;
    }
  }
  return {
    rows: [...rows.values()],
    problem: rows.size === 0 ? 'the paper has no number for any column of the table' : null,
  };
}

const METHOD_AXES = new Set(['method', 'method.name']);
const BACKBONE_AXES = ['backbone', 'network.backbone'];
const SPLIT_AXES = ['split', 'split.labelledRatio', 'split.labelledImages', 'labelledImages'];

const FACTS = [
  {
    name: 'backbone',
    // All of them tell backbones apart.
    axes: [...BACKBONE_AXES, 'network'],
    of: ({ settings }: ComparedRun): unknown => settings.config.network.backbone,
    fits: (number: PublishedNumber, { settings }: ComparedRun) =>
      number.backbone === settings.config.network.backbone && !settings.config.network.second,
  },
  {
    name: 'split',
    axes: SPLIT_AXES,
    of: ({ settings }: ComparedRun): unknown => settings.config.split,
    fits: (number: PublishedNumber, { settings, labelledImages }: ComparedRun) =>
      hasSplit(number, settings.config.split, labelledImages),
  },
];

const isSaid = (text: string): boolean => METHOD_AXES.has(text) || [...BACKBONE_AXES, ...SPLIT_AXES].includes(text);

/** Whether a number belongs to the runs with this value. An axis that the paper says nothing about has one value for all. */
function fitsAxis({ text }: Axis, value: unknown, number: PublishedNumber): boolean {
  if (METHOD_AXES.has(text)) return value === number.method;
  if (BACKBONE_AXES.includes(text)) return value === number.backbone;
  if (text === 'split') return hasSplit(number, value as RunConfig['split']);
  if (text === 'split.labelledRatio') {
    return typeof value === 'number' && hasSplit(number, { labelledRatio: value, seed: 0, cover: false });
  }
  if (text === 'split.labelledImages' || text === 'labelledImages') return value === number.labelledImages;
  return true;
}

/** The rows that a number belongs to: one for each value of the axes besides its method. */
function rowsOf(number: PublishedNumber, axes: readonly Axis[], grid: Grid): PublishedRow[] {
  const others = new Map<string, Key>();
  for (const key of grid.rows) {
    const fits = axes.every((axis, i) => METHOD_AXES.has(axis.text) || fitsAxis(axis, key[i], number));
    const own = key.map((value, i) => (METHOD_AXES.has(axes[i]!.text) ? number.method : value));
    if (fits) others.set(JSON.stringify(own), own);
  }
  return [...others.values()].map((key) => ({
    labels: key.map((value, i) => {
      const label = labelOf(axes[i]!, value, new Map());
      return METHOD_AXES.has(axes[i]!.text) ? `${METHOD_LABELS[number.method]} (published)` : label;
    }),
    key: Object.fromEntries(axes.map((axis, i) => [axis.text, key[i] ?? null])),
    values: [],
  }));
}

function valuesOf(axis: Axis, rowAxes: readonly Axis[], columnAxes: readonly Axis[], grid: Grid): Set<string> {
  const row = rowAxes.indexOf(axis);
  const keys = row >= 0 ? grid.rows : grid.columns;
  const index = row >= 0 ? row : columnAxes.indexOf(axis);
  return new Set(keys.map((key) => JSON.stringify(key[index] ?? null)));
}
