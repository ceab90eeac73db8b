import { METHOD_LABELS, type RunConfig, splitLabel } from '../../schema/run-config.js';
import { methodLabels, otherDifferences } from '../../schema/run-labels.js';
import { compareSplits, unlabelledListOf } from '../../schema/split-config.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import { type Run, RunState } from '../runs/run.entity.js';
import { type Evaluation, Subset } from './evaluation.entity.js';
import type { StudyRow, StudyTable } from './evaluations.types.js';
import { statisticOf } from './statistic.js';

/** A run of a study with its newest evaluation on the table's subset, if it has one. */
export interface TableEntry {
  run: Run;
  /** The run's configuration, completed with defaults. */
  config: RunConfig;
  dataset: Dataset;
  evaluation: Evaluation | null;
  /** By class index; empty without an evaluation. */
  classIous: (number | null)[];
}

/** Runs that differ only in their seed. */
interface TableRow extends Pick<StudyRow, 'methodLabel' | 'settingsLabel'> {
  entries: TableEntry[];
}

const METHODS = Object.keys(METHOD_LABELS);

/** TEST if every evaluated run was evaluated on it, otherwise VAL. So a table never mixes subsets. */
export function commonSubset(onVal: readonly Evaluation[], onTest: readonly Evaluation[]): Subset {
  const tested = new Set(onTest.map(({ runId }) => runId));
  return tested.size > 0 && onVal.every(({ runId }) => tested.has(runId)) ? Subset.TEST : Subset.VAL;
}

/**
 * Leaves out evaluations that cover fewer pixels than another one of the same images. A run in progress may be evaluated on
 * the first few images only (`training.evaluateImages`), and its scores cannot be compared with those of the whole subset.
 */
export function ofMostPixels(entries: readonly TableEntry[]): TableEntry[] {
  const images = ({ config, dataset }: TableEntry) => JSON.stringify([dataset.id, config.data]);
  const most = new Map<string, number>();
  const pixels = ({ evaluation }: TableEntry) => evaluation?.pixels ?? 0;
  for (const entry of entries) most.set(images(entry), Math.max(pixels(entry), most.get(images(entry)) ?? 0));
  return entries.map((entry) =>
    pixels(entry) < most.get(images(entry))! ? { ...entry, evaluation: null, classIous: [] } : entry,
  );
}

/** Groups runs that differ only in their seed. Runs with different splits or settings are never averaged. */
export function studyTable(subset: Subset, entries: readonly TableEntry[]): StudyTable {
  const configs = entries.map(({ config }) => config);
  const methods = methodLabels(configs);
  const others = otherDifferences(configs);
  const rows = new Map<string, TableRow>();
  for (const [i, entry] of entries.entries()) {
    const { config, dataset } = entry;
    const { method, split } = config;
    // The hash covers only the labelled images, and does not exist until a runner has drawn them.
    const images = [splitLabel(split), entry.run.splitHash ?? split, unlabelledListOf(split)];
    const key = JSON.stringify([dataset.name, method, ...images, entry.run.backbone, others[i]]);
    const row = rows.get(key) ?? { entries: [], methodLabel: methods[i]!, settingsLabel: others[i]! };
    row.entries.push(entry);
    rows.set(key, row);
  }
  const ordered = [...rows.values()].sort((a, b) => compare(a, b));
  const shown = ordered[0]?.entries[0]?.dataset;
  return { subset, classes: shown?.classes ?? [], rows: ordered.map((row) => rowOf(row, shown!)) };
}

/**
 * The entries to average: those of completed runs, or else of runs in progress, or else of all. Partly trained runs would
 * lower the mean of completed ones, and runs that have stopped early that of runs in progress.
 */
function averaged(entries: readonly TableEntry[]): TableEntry[] {
  const any = entries.filter(({ evaluation }) => evaluation);
  const completed = any.filter(({ run }) => run.state === RunState.COMPLETED);
  const unbroken = any.filter(({ run }) => run.state !== RunState.FAILED && run.state !== RunState.CANCELED);
  return [completed, unbroken, any].find(({ length }) => length > 0) ?? [];
}

function rowOf({ entries, ...labels }: TableRow, shown: Dataset): StudyRow {
  const { run, config, dataset } = entries[0]!;
  const evaluated = averaged(entries);
  const statistic = (score: 'meanIou' | 'pixelAccuracy' | 'frequencyWeightedIou') =>
    statisticOf(evaluated.map(({ evaluation }) => evaluation![score]));
  const classes = dataset.id === shown.id ? dataset.classes : [];
  return {
    dataset: dataset.name,
    method: run.method,
    ...labels,
    splitLabel: splitLabel(config.split),
    backbone: run.backbone,
    splitHash: run.splitHash,
    unlabelledList: unlabelledListOf(config.split),
    runs: entries.map((entry) => entry.run),
    n: evaluated.length,
    completed: evaluated[0]?.run.state === RunState.COMPLETED,
    meanIou: statistic('meanIou'),
    pixelAccuracy: statistic('pixelAccuracy'),
    frequencyWeightedIou: statistic('frequencyWeightedIou'),
    classIous: classes.map((_, index) => statisticOf(evaluated.map(({ classIous }) => classIous[index] ?? null))),
  };
}

/** By dataset, then by method in the order of METHOD_LABELS, then by split. The rest only makes the order unambiguous. */
function compare(one: TableRow, other: TableRow): number {
  const [a, b] = [one.entries[0]!, other.entries[0]!];
  const byText = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
  return (
    a.dataset.name.localeCompare(b.dataset.name) ||
    METHODS.indexOf(a.run.method) - METHODS.indexOf(b.run.method) ||
    compareSplits(a.config.split, b.config.split) ||
    a.run.backbone.localeCompare(b.run.backbone) ||
    (a.run.splitHash ?? '').localeCompare(b.run.splitHash ?? '') ||
    byText(JSON.stringify(a.config.method), JSON.stringify(b.config.method)) ||
    byText(one.settingsLabel, other.settingsLabel)
  );
}
