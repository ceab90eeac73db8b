import type { FilterField } from '../../schema/filter/tree.js';
import type { PublishedTable } from '../../schema/published/published.js';
import { methodLabels, splitLabels } from '../../schema/run-labels.js';
import { type Interval, summaryOf } from '../../schema/statistics/summary.js';
import type { PlannedRun } from '../../schema/study-extension.js';
import { inOwnTurn } from '../graphql/turns.js';
import { RunState } from '../runs/run.entity.js';
import { type Axis, isOfMethods, type Key, labelOf, nameOf } from './axes.js';
import { type Cell, gridOf, mostImages } from './cells.js';
import type { ComparedRun } from './compared-run.js';
import { type Gain, Gains } from './gains.js';
import type { PivotGain, PivotTest } from './pivot-gain.types.js';
import type { Pivot, PivotCell, PivotRow } from './pivots.types.js';
import { publishedOf, publishedRows } from './published-rows.js';
import { lackingOf } from './states.js';
import { valueTitle } from './value-title.js';
import {
  averagedOver,
  cellWarnings,
  drawWarnings,
  PivotWarningKind,
  partialWarnings,
  tableWarnings,
} from './warnings.js';

/** The parts of a table. */
export interface PivotParts {
  rowAxes: readonly Axis[];
  columnAxes: readonly Axis[];
  value: FilterField;
  runs: readonly ComparedRun[];
  /** Runs of the study's matrix that do not exist. */
  missing: readonly PlannedRun[];
  baseline: ComparedRun | null;
  published: PublishedTable | null;
  /** The names of the rare classes of each dataset, if the value is about them. */
  rare: readonly (readonly string[])[];
}

/** A table of one number. */
export type NumbersTable = Omit<Pivot, 'withValue'>;

/** Rows are computed for about this long before other requests have a turn. */
const TURN_MS = 20;

/** Computes a table. */
export async function pivotOf(parts: PivotParts): Promise<NumbersTable> {
  const { rowAxes, columnAxes, value, runs, missing, baseline, published, rare } = await inOwnTurn(parts);
  const axes = [...rowAxes, ...columnAxes];
  const whole = mostImages(runs);
  const grid = gridOf(rowAxes, columnAxes, runs, missing, whole);
  const gains = new Gains(runs, whole, baseline);
  const told = toldApart(runs);
  const labels = (of: readonly Axis[], key: Key) => of.map((axis, i) => labelOf(axis, key[i], told));
  const counted = new Set(grid.cells.flat().flatMap((cell) => cell?.counted ?? []));
  const warnings = tableWarnings(axes, [...counted]);
  if ('pick' in value && value.pick === 'BEST') warnings.push(...partialWarnings(runs));
  const bestWithin = columnAxes.some(isOfMethods) && !rowAxes.some(isOfMethods) ? 'ROW' : 'COLUMN';
  warnings.push(...drawWarnings(grid, bestWithin, bestWithin === 'ROW' ? columnAxes : rowAxes));
  const rows: PivotRow[] = [];
  let turnMs = performance.now();
  for (const [r, key] of grid.rows.entries()) {
    if (performance.now() - turnMs > TURN_MS) {
      await inOwnTurn(null);
      turnMs = performance.now();
    }
    const cells = grid.cells[r]!.map((cell) => cell && cellOf(cell, gains, published));
    rows.push({ labels: labels(rowAxes, key), key: keyed(rowAxes, key), isPublished: false, cells });
  }
  if (published) {
    const { rows: more, problem } = publishedRows(published, rowAxes, columnAxes, grid, runs);
    rows.push(
      ...more.map(({ values, ...row }) => ({
        ...row,
        isPublished: true,
        cells: values.map((each) => publishedCell(each)),
      })),
    );
    if (problem !== null && runs.length > 0) warnings.push({ kind: PivotWarningKind.PUBLISHED, message: problem });
  }
  return {
    ...valueTitle(value, rare),
    bestWithin,
    value: nameOf(value),
    rowFields: rowAxes.map(({ text }) => text),
    columnFields: columnAxes.map(({ text }) => text),
    columns: grid.columns.map((key) => ({ labels: labels(columnAxes, key), key: keyed(columnAxes, key) })),
    rows,
    runCount: runs.length,
    missing: grid.unplaced.map(({ name }) => name),
    warnings,
    source: published?.source ?? null,
  };
}

const keyed = (axes: readonly Axis[], key: Key): Record<string, unknown> =>
  Object.fromEntries(axes.map(({ text }, i) => [text, key[i] ?? null]));

/** The texts of methods and splits, with the settings in which equal ones differ. */
function toldApart(runs: readonly ComparedRun[]): Map<unknown, string> {
  const configs = [...new Set(runs.map(({ settings }) => settings.config))];
  const [methods, splits] = [methodLabels(configs), splitLabels(configs)];
  return new Map(
    configs.flatMap(({ method, split }, i): [unknown, string][] => [
      [method, methods[i]!],
      [split, splits[i]!],
    ]),
  );
}

function cellOf(cell: Cell, gains: Gains, published: PublishedTable | null): PivotCell {
  const { runs, counted, completed, missing } = cell;
  const summary = summaryOf(counted.map(({ value }) => value!));
  const reported = published && publishedOf(published, cell);
  return {
    n: counted.length,
    mean: summary?.mean ?? null,
    std: finite(summary?.std),
    min: summary?.min ?? null,
    max: summary?.max ?? null,
    interval: finiteInterval(summary?.interval),
    completed,
    averages: averagedOver(cell),
    seeds: new Set(counted.map(({ seed }) => seed)).size,
    draws: new Set(counted.map(({ split }) => split)).size,
    states: statesOf(runs),
    missing: missing.map(({ name }) => name),
    lacking: lackingOf(cell),
    runNumbers: runs.map(({ number }) => number),
    runIds: runs.map(({ id }) => id),
    gain: gainOf(gains.of(cell)),
    published: reported,
    publishedGap: reported !== null && completed && summary ? summary.mean - reported : null,
    warnings: cellWarnings(cell),
  };
}

function gainOf({ test, ...gain }: Gain): PivotGain {
  return {
    ...gain,
    difference: finite(gain.difference),
    interval: finiteInterval(test?.interval),
    test: (test?.test ?? null) as PivotTest | null,
    t: finite(test?.t),
    degreesOfFreedom: finite(test?.degrees),
    p: test?.p ?? null,
  };
}

/** Values near the largest number have an infinite deviation. */
const finite = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;

const finiteInterval = (interval: Interval | null | undefined): Interval | null =>
  interval && Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null;

const NO_GAIN: PivotGain = {
  ...{ difference: null, interval: null, test: null, t: null, degreesOfFreedom: null, p: null },
  ...{ pairs: 0, baselineN: 0, reason: 'these are published numbers', differing: [] },
};

function publishedCell(value: number | null): PivotCell | null {
  if (value === null) return null;
  return {
    ...{ n: 0, mean: value, std: null, min: null, max: null, interval: null, completed: true, averages: '' },
    ...{ seeds: 0, draws: 0, states: statesOf([]), missing: [], lacking: '', runNumbers: [], runIds: [] },
    ...{ gain: NO_GAIN, published: value, publishedGap: null, warnings: [] },
  };
}

function statesOf(runs: readonly ComparedRun[]): PivotCell['states'] {
  const count = (...states: RunState[]) => runs.filter(({ state }) => states.includes(state)).length;
  return {
    queued: count(RunState.QUEUED),
    running: count(RunState.RUNNING, RunState.CANCELING),
    completed: count(RunState.COMPLETED),
    failed: count(RunState.FAILED),
    canceled: count(RunState.CANCELED),
    total: runs.length,
  };
}
