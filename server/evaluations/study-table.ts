import { METHOD_LABELS, type MethodName, splitLabel } from '../../schema/run-config.js';
import { compareSplits } from '../../schema/split-config.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import { type Run, RunState } from '../runs/run.entity.js';
import { type Evaluation, Subset } from './evaluation.entity.js';
import type { StudyRow, StudyTable } from './evaluations.types.js';
import { statisticOf } from './statistic.js';

/** A run of a study with its newest evaluation on the table's subset, if it has one. */
export interface TableEntry {
  run: Run;
  dataset: Dataset;
  evaluation: Evaluation | null;
  /** By class index; empty without an evaluation. */
  classIous: (number | null)[];
}

const METHODS = Object.keys(METHOD_LABELS);

/** TEST when every run that was evaluated at all was evaluated on it, so that one table never mixes subsets; else VAL. */
export function commonSubset(onVal: readonly Evaluation[], onTest: readonly Evaluation[]): Subset {
  const tested = new Set(onTest.map(({ runId }) => runId));
  return tested.size > 0 && onVal.every(({ runId }) => tested.has(runId)) ? Subset.TEST : Subset.VAL;
}

/**
 * Without the evaluations that cover fewer pixels than another one of the same images: those of a run in progress may be of
 * the first few images only (`training.evaluateImages`), and their scores do not compare with those of the whole subset.
 */
export function ofMostPixels(entries: readonly TableEntry[]): TableEntry[] {
  const images = ({ run, dataset }: TableEntry) => JSON.stringify([dataset.id, run.config.data]);
  const pixels = ({ evaluation }: TableEntry) => evaluation?.confusion.reduce((sum, count) => sum + count, 0) ?? 0;
  const most = new Map<string, number>();
  for (const entry of entries) most.set(images(entry), Math.max(pixels(entry), most.get(images(entry)) ?? 0));
  return entries.map((entry) =>
    pixels(entry) < most.get(images(entry))! ? { ...entry, evaluation: null, classIous: [] } : entry,
  );
}

/** Groups runs that differ by their seed alone. Runs of different labelled splits or settings of the method are never averaged. */
export function studyTable(subset: Subset, entries: readonly TableEntry[]): StudyTable {
  const groups = new Map<string, TableEntry[]>();
  for (const entry of entries) {
    const { method, config, backbone, splitHash } = entry.run;
    const what = [entry.dataset.name, method, config.method, splitLabel(config.split), backbone, splitHash];
    const key = JSON.stringify(what);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const ordered = [...groups.values()].sort((a, b) => compare(a[0]!, b[0]!));
  const shown = ordered[0]?.[0]?.dataset;
  return {
    subset,
    classes: shown?.classes ?? [],
    rows: ordered.map((group) => rowOf(group, shown!, methodLabel(group[0]!.run, entries))),
  };
}

/** The method's name, with the settings in which it differs among these runs: "CPS (on labelled)". */
function methodLabel({ method, config }: Run, among: readonly TableEntry[]): string {
  const name = METHOD_LABELS[method as MethodName] ?? method;
  const others = among.filter(({ run }) => run.method === method).map(({ run }) => Object.entries(run.config.method));
  const seen = new Map<string, Set<string>>();
  for (const [setting, value] of others.flat()) {
    seen.set(setting, (seen.get(setting) ?? new Set()).add(JSON.stringify(value)));
  }
  const differing = Object.entries(config.method).filter(([setting]) => seen.get(setting)!.size > 1);
  if (differing.length === 0) return name;
  const words = differing.map(
    ([setting, value]) => `${setting} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${name} (${words.join(', ')})`;
}

function rowOf(group: readonly TableEntry[], shown: Dataset, methodLabel: string): StudyRow {
  const { run, dataset } = group[0]!;
  const any = group.filter(({ evaluation }) => evaluation);
  const completed = any.filter((entry) => entry.run.state === RunState.COMPLETED);
  // Half a training beside whole ones would drag their mean down.
  const evaluated = completed.length > 0 ? completed : any;
  const statistic = (score: 'meanIou' | 'pixelAccuracy' | 'frequencyWeightedIou') =>
    statisticOf(evaluated.map(({ evaluation }) => evaluation![score]));
  const classes = dataset.id === shown.id ? dataset.classes : [];
  return {
    dataset: dataset.name,
    method: run.method,
    methodLabel,
    splitLabel: splitLabel(run.config.split),
    backbone: run.backbone,
    splitHash: run.splitHash,
    runs: group.map((entry) => entry.run),
    n: evaluated.length,
    meanIou: statistic('meanIou'),
    pixelAccuracy: statistic('pixelAccuracy'),
    frequencyWeightedIou: statistic('frequencyWeightedIou'),
    classIous: classes.map((_, index) => statisticOf(evaluated.map(({ classIous }) => classIous[index] ?? null))),
  };
}

/** By dataset, then as METHOD_LABELS lists the methods, then by split; the rest only makes the order fixed. */
function compare(a: TableEntry, b: TableEntry): number {
  return (
    a.dataset.name.localeCompare(b.dataset.name) ||
    METHODS.indexOf(a.run.method) - METHODS.indexOf(b.run.method) ||
    compareSplits(a.run.config.split, b.run.config.split) ||
    a.run.backbone.localeCompare(b.run.backbone) ||
    (a.run.splitHash ?? '').localeCompare(b.run.splitHash ?? '') ||
    JSON.stringify(a.run.config.method).localeCompare(JSON.stringify(b.run.config.method), 'en', { numeric: true })
  );
}
