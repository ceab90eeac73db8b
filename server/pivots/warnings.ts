import { listed } from '../graphql/texts.js';
import { type Axis, covers, isOfSplits } from './axes.js';
import type { Cell, Grid } from './cells.js';
import type { ComparedRun, Settings } from './compared-run.js';
import { differingPaths } from './differing-paths.js';
import { grouped } from './grouped.js';

export enum PivotWarningKind {
  DRAWS = 'DRAWS',
  SETTINGS = 'SETTINGS',
  SAME_SEED = 'SAME_SEED',
  ENGINE = 'ENGINE',
  CODE = 'CODE',
  NOT_FINITE = 'NOT_FINITE',
  UNFINISHED = 'UNFINISHED',
  PARTIAL = 'PARTIAL',
  PUBLISHED = 'PUBLISHED',
}

export interface Warning {
  kind: PivotWarningKind;
  message: string;
}

/** More values would hide what a message says. */
const MOST_SHOWN = 5;

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** What the numbers of a cell are averaged over, such as "3 seeds × 2 draws of the labels". */
export function averagedOver({ counted }: Cell): string {
  const seeds = distinct(counted.map(({ seed }) => seed)).length;
  const draws = distinct(counted.map(({ split }) => split)).length;
  const parts = [
    count(seeds, 'seed'),
    ...(draws > 1 ? [count(draws, 'draw of the labels', 'draws of the labels')] : []),
  ];
  const product = parts.join(' × ');
  return counted.length === seeds * draws ? product : `${count(counted.length, 'run')}: ${product}`;
}

/** Why the mean of a cell is not simply a mean over seeds. */
export function cellWarnings(cell: Cell): Warning[] {
  const { runs, counted, completed } = cell;
  const settings = distinct(counted.map((run) => run.settings));
  const differing = [...differingPaths(settings)];
  const draws = distinct(counted.map(({ split }) => split)).length;
  const others = differing.filter((path) => !path.startsWith('split.'));
  const splits = differing.filter((path) => path.startsWith('split.'));
  const found: Warning[] = [];
  if (draws > 1) {
    const which = splits.length > 0 ? ` (${described(splits, settings)})` : '';
    found.push({
      kind: PivotWarningKind.DRAWS,
      message: `averages over ${draws} draws of the labels${which}, not over seeds alone: the deviation contains both`,
    });
  }
  if (others.length > 0) {
    found.push({
      kind: PivotWarningKind.SETTINGS,
      message: `averages over runs that differ in ${described(others, settings)}`,
    });
  }
  const repeated = repeatedSeeds(counted);
  if (repeated.length > 0) {
    found.push({
      kind: PivotWarningKind.SAME_SEED,
      message: `counts runs with equal settings and seed as independent: ${listed(repeated, MOST_SHOWN)}`,
    });
  }
  const broken = runs.filter(({ value }) => value !== null && !Number.isFinite(value));
  if (broken.length > 0) {
    const numbers = broken.map(({ number }) => String(number));
    found.push({
      kind: PivotWarningKind.NOT_FINITE,
      message: `leaves out runs whose value is NaN or infinite: ${listed(numbers, MOST_SHOWN)}`,
    });
  }
  if (counted.length > 0 && !completed) {
    found.push({
      kind: PivotWarningKind.UNFINISHED,
      message: 'no run is completed: the numbers are those of other runs',
    });
  }
  return found;
}

/** Groups of runs that are one and the same, such as "4 and 9". */
function repeatedSeeds(runs: readonly ComparedRun[]): string[] {
  const ofSettings = [...grouped(runs, ({ settings }) => settings).values()];
  const same = ofSettings.flatMap((alike) => [...grouped(alike, ({ seed, split }) => `${seed} ${split}`).values()]);
  return same.filter(({ length }) => length > 1).map((each) => each.map(({ number }) => number).join(' and '));
}

/** What differs between the runs of a table, apart from what its rows and columns are made of. */
export function tableWarnings(axes: readonly Axis[], runs: readonly ComparedRun[]): Warning[] {
  const settings = distinct(runs.map((run) => run.settings));
  const splitsAreTold = axes.some(isOfSplits);
  const differing = [...differingPaths(settings)].filter((path) => {
    // If splits are an axis, cells warn about several draws.
    if (path.startsWith('split.') && splitsAreTold) return false;
    return !axes.some((axis) => covers(axis, path));
  });
  const found: Warning[] = differing.map((path) => ({
    kind: PivotWarningKind.SETTINGS,
    message: `the runs differ in ${described([path], settings, runs)}`,
  }));
  for (const [kind, what, values] of [
    [PivotWarningKind.ENGINE, 'engine', runs.flatMap(({ engine }) => engine ?? [])],
    [PivotWarningKind.CODE, 'version of Crosscheck', runs.flatMap(({ code }) => distinct(code))],
  ] as const) {
    const numbers = tallied(values);
    if (numbers.size < 2) continue;
    const counts = [...numbers].map(([value, number]) => `${value} (${count(number, 'run')})`);
    found.push({ kind, message: `the runs differ in their ${what}: ${listed(counts, MOST_SHOWN)}` });
  }
  return found;
}

/** Whose best evaluation covers a part of the images, whether or not the run counts. @param runs all of the table */
export function partialWarnings(runs: readonly ComparedRun[]): Warning[] {
  const partial = runs.filter(({ value, images }) => value !== null && Number.isFinite(images)).length;
  if (partial === 0) return [];
  const whose = partial === 1 ? 'of 1 run covers' : `of ${partial} runs cover`;
  const what = partial === 1 ? 'evaluation' : 'evaluations';
  const message = `the best ${what} ${whose} the first images only (training.evaluateImages)`;
  return [{ kind: PivotWarningKind.PARTIAL, message }];
}

/** Where cells that are compared have different draws of the labels: within a column, or within a row. */
export function drawWarnings(grid: Grid, within: 'COLUMN' | 'ROW', rivals: readonly Axis[]): Warning[] {
  if (rivals.some(isOfSplits)) return [];
  const groups = within === 'ROW' ? grid.cells : grid.columns.map((_, c) => grid.cells.map((row) => row[c] ?? null));
  const differing = groups.filter((cells) => {
    const draws = cells.filter((cell) => cell !== null && cell.counted.length > 0).map((cell) => drawsOf(cell!));
    return draws.some((each) => each !== draws[0]);
  });
  if (differing.length === 0) return [];
  const what = within === 'ROW' ? 'row' : 'column';
  const where = differing.length === groups.length ? `each ${what}` : count(differing.length, what);
  const message = `in ${where}, the means are not over the same draws of the labels; gains compare equal draws only`;
  return [{ kind: PivotWarningKind.DRAWS, message }];
}

const drawsOf = ({ counted }: Cell): string =>
  distinct(counted.map(({ split }) => split))
    .sort()
    .join();

/** Such as "training.iterations (1000, 3000)". With runs, how many have each value. */
function described(paths: readonly string[], settings: readonly Settings[], runs: readonly ComparedRun[] = []): string {
  const runsOf = tallied(runs.map((run) => run.settings));
  const shown = paths.slice(0, MOST_SHOWN).map((path) => {
    const numbers = new Map<string | undefined, number>();
    for (const each of settings) {
      const value = each.flat.get(path);
      numbers.set(value, (numbers.get(value) ?? 0) + (runsOf.get(each) ?? 0));
    }
    const texts = lowest(numbers.keys()).map((value) => {
      const text = value === undefined ? 'none' : value.replace(/^"|"$/g, '');
      return runs.length === 0 ? text : `${text}: ${count(numbers.get(value)!, 'run')}`;
    });
    return `${path} (${listed(texts, MOST_SHOWN, numbers.size)})`;
  });
  return listed(shown, MOST_SHOWN, paths.length);
}

/** How often each value occurs. */
function tallied<T>(values: readonly T[]): Map<T, number> {
  const numbers = new Map<T, number>();
  for (const value of values) numbers.set(value, (numbers.get(value) ?? 0) + 1);
  return numbers;
}

/** In the order of numbers. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** The values that are shown. A table may have thousands of them, and sorting all of each setting would take a while. */
function lowest(values: Iterable<string | undefined>): (string | undefined)[] {
  const kept: (string | undefined)[] = [];
  for (const value of values) {
    if (kept.length === MOST_SHOWN && compare(String(value), String(kept.at(-1))) >= 0) continue;
    kept.push(value);
    kept.sort((a, b) => compare(String(a), String(b)));
    kept.splice(MOST_SHOWN);
  }
  return kept;
}
