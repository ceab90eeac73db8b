import type { Mistake } from '../problems/problem.js';

/**
 * What a search asks of a run. Server, dashboard and command line share it: as this tree in the API, and as one line of text
 * (parse.ts, print.ts) in search boxes, links and on the command line. docs/decisions/0022-the-filter.md has the reasons.
 */
export type Filter = { and: Filter[] } | { or: Filter[] } | { not: Filter } | Comparison;

export interface Comparison {
  field: FilterField;
  op: FilterOp;
  /** Left out only with `known`; a list only with `in`. */
  value?: FilterValue;
}

/** `contains` and `startsWith` ignore case. `known`: the run has a value, which may be NaN. */
export const FILTER_OPS = ['eq', 'lt', 'le', 'gt', 'ge', 'in', 'contains', 'startsWith', 'known'] as const;
export type FilterOp = (typeof FILTER_OPS)[number];

export type FilterScalar = string | number | boolean;
/** Shares are in [0, 1], durations in seconds. */
export type FilterValue = FilterScalar | FilterScalar[];

export type FilterField = PathField | MetricField | ScoreField | AlarmField;

/** What the path of a setting begins with, where it is checked (check-fields.ts). */
export const SETTINGS = 'config.';

/** A field of the run, or a setting of its configuration, such as `state` or `network.width`. */
export interface PathField {
  path: string;
}

export const METRIC_SUMMARIES = ['last', 'min', 'max', 'mean10', 'mean100'] as const;
/** One number for a series: its newest value, an extreme, or the mean of its newest 10 or 100 points. */
export type MetricSummary = (typeof METRIC_SUMMARIES)[number];

export interface MetricField {
  metric: string;
  of: MetricSummary;
}

export const CLASS_SCORES = ['iou', 'precision', 'recall'] as const;
export const RUN_SCORES = ['miou', 'rare_miou', 'accuracy'] as const;

/** A score of an evaluation, in [0, 1]. The first three are of one class; `rare_miou` is of the rare ones (rare-classes.ts). */
export interface ScoreField {
  score: (typeof CLASS_SCORES)[number] | (typeof RUN_SCORES)[number];
  class?: string;
  /** BRANCH1 by default. */
  network?: string;
  /** VAL by default. */
  subset?: string;
  /** Of the network and subset: the newest evaluation, or the one with the highest mIoU. NEWEST by default. */
  pick?: string;
}

/** Whether an alarm was raised; with `active`, whether one lasts (true) or is over (false). */
export interface AlarmField {
  /** Null: of any kind. */
  alarm: string | null;
  active?: boolean;
}

/** One of the fields that runs are sorted by. Runs without a value come last in either direction. */
export interface SortKey {
  field: FilterField;
  descending: boolean;
}

/** Conditions that nest deeper, or are longer, are refused. */
export const MOST_LEVELS = 10;
export const MOST_COMPARISONS = 100;
export const MOST_CHARACTERS = 4000;

export const isComparison = (filter: Filter): filter is Comparison => 'field' in filter;

/** The conditions directly within one. */
export function partsOf(filter: Filter): Filter[] {
  if ('and' in filter) return filter.and;
  if ('or' in filter) return filter.or;
  return 'not' in filter ? [filter.not] : [];
}

/** What is wrong with a filter, and where in its text, counted from 1; null if it was not a text. */
export class FilterError extends Error {
  constructor(
    readonly mistake: Mistake,
    readonly character: number | null,
  ) {
    super(character === null ? mistake.message : `character ${character}: ${mistake.message}`);
    this.name = 'FilterError';
  }
}
