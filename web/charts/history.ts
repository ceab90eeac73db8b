import type { Network } from '../../schema/generated/web/graphql.js';
import { networkName } from '../format/choices.js';
import { t } from '../messages/t.js';

const NETWORKS = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'] as const satisfies Network[];

/** Metric histories as the charts use them: plain columns, merged and smoothed. No function changes its input. */

export interface History {
  name: string;
  /** Strictly ascending. */
  steps: number[];
  /** One per step; NaN and infinities are allowed. */
  values: number[];
}

/** A history as the API sends it: values that JSON cannot represent as numbers are strings. */
export interface WireHistory {
  name: string;
  steps: number[];
  values: (number | 'NaN' | 'Infinity' | '-Infinity')[];
}

export function fromWire({ name, steps, values }: WireHistory): History {
  return { name, steps, values: values.map(Number) };
}

/** Merges `added` into `history`. The new value wins at a step in both, as when a resumed run reports it again. */
export function mergeHistory(history: History, added: History): History {
  const firstAdded = added.steps[0];
  if (firstAdded === undefined) return history;
  const lastStep = history.steps.at(-1);
  if (lastStep === undefined || firstAdded > lastStep) {
    return {
      name: history.name,
      steps: [...history.steps, ...added.steps],
      values: [...history.values, ...added.values],
    };
  }
  const byStep = new Map(history.steps.map((step, index) => [step, history.values[index]!]));
  added.steps.forEach((step, index) => {
    byStep.set(step, added.values[index]!);
  });
  const steps = [...byStep.keys()].sort((a, b) => a - b);
  return { name: history.name, steps, values: steps.map((step) => byStep.get(step)!) };
}

/** Merges each added history into the one with the same name; new names come last. */
export function mergeHistories(histories: History[], added: History[]): History[] {
  const merged = new Map(histories.map((history) => [history.name, history]));
  for (const each of added) {
    merged.set(each.name, mergeHistory(merged.get(each.name) ?? { name: each.name, steps: [], values: [] }, each));
  }
  return [...merged.values()];
}

/** What a message of `runPoints` says. */
interface AddedPoints {
  /** Points after this step are deleted first. */
  cutAfter: number | null;
  histories: WireHistory[];
}

/** The histories after a message of `runPoints`. A series without points is left out. */
export function addPoints(histories: History[], { cutAfter, histories: added }: AddedPoints): History[] {
  const kept = cutAfter === null ? histories : histories.map((history) => cut(history, cutAfter));
  return mergeHistories(
    kept.filter(({ steps }) => steps.length > 0),
    added.map(fromWire),
  );
}

function cut({ name, steps, values }: History, afterStep: number): History {
  const end = steps.findLastIndex((step) => step <= afterStep) + 1;
  return { name, steps: steps.slice(0, end), values: values.slice(0, end) };
}

/**
 * Exponential moving average. `weight` in [0, 1) is the weight of the past. Bias-corrected as in Adam (Kingma & Ba
 * 2015), so that the first values are not pulled towards zero. NaN and infinities are passed through and not averaged.
 */
export function smooth(values: number[], weight: number): number[] {
  let average = 0;
  let share = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    share *= weight;
    return average / (1 - share);
  });
}

/**
 * Groups histories into charts by the name before "/". All losses share a chart: "loss/branch1", "loss_cross/branch2".
 */
export function groupByChart(histories: History[]): Map<string, History[]> {
  const groups = new Map<string, History[]>();
  for (const history of histories) {
    const [quantity = history.name] = history.name.split('/');
    const chart = quantity.startsWith('loss') ? 'loss' : quantity;
    groups.set(chart, [...(groups.get(chart) ?? []), history]);
  }
  for (const group of groups.values()) group.sort(byName);
  return groups;
}

/** By name, except that the total loss comes first and the supervised part second. */
function byName(a: History, b: History): number {
  const rank = ({ name }: History) => ['loss', 'loss_supervised'].indexOf(name.split('/')[0]!) + 1 || 3;
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}

/** "miou/branch1" → "Network 1", "loss_cross/branch2" → "cross, network 2", "lr" → "lr". */
export function seriesLabel(name: string): string {
  const [quantity = name, network] = name.split('/');
  if (quantity.startsWith('loss')) {
    const part = quantity.replace(/^loss_?/, '') || t('charts.total');
    const branch = /^branch(\d)$/.exec(network ?? '')?.[1];
    const who = branch ? t('charts.networkInLine', { number: branch }) : network;
    return who ? t('charts.partOf', { part, network: who }) : part;
  }
  if (network === undefined) return quantity.replaceAll('_', ' ');
  const known = NETWORKS.find((each) => each.toLowerCase() === network);
  return known ? networkName(known) : network.charAt(0).toUpperCase() + network.slice(1);
}
