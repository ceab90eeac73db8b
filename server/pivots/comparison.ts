import { meanOf } from '../../schema/statistics/summary.js';
import { type NoTest, pairedTest, type TTest, welchTest } from '../../schema/statistics/t-tests.js';
import type { Sample } from './sample.js';

/** Runs, and the runs of a baseline on the same labelled images. */
export interface Comparison {
  own: Sample;
  baseline: Sample;
}

/** How much better runs are than those that they are compared with. */
export interface Difference {
  difference: number;
  test: TTest | null;
  /** How many pairs of equal labels and seed the difference is the mean of; 0 if there are fewer than two. */
  pairs: number;
  /** Why there is no test; null if there is one. */
  reason: string | null;
}

/**
 * By pairs of equal images and seed if there are at least two, otherwise by means. Values are subtracted within each comparison, and
 * the differences are averaged: the mean over one set of draws minus that over another would contain the difference between draws.
 */
export function differenceOf(comparisons: readonly Comparison[]): Difference {
  const pairs = pairsOf(comparisons);
  if (pairs.length >= 2) {
    const difference = meanOf(pairs.map(([value, other]) => value - other));
    return { difference, pairs: pairs.length, ...outcome(pairedTest(pairs)) };
  }
  const difference = meanOf(comparisons.map(({ own, baseline }) => own.mean - baseline.mean));
  const seeds = pairs.length === 1 ? 'only one seed matches' : 'no seed matches';
  const [only, ...others] = comparisons;
  if (others.length > 0) {
    const reason = `${seeds}, and Welch's t test needs runs of one configuration on one draw of the labels; ${mixed(comparisons)}`;
    return { difference, pairs: 0, test: null, reason };
  }
  const { test, reason } = outcome(welchTest(only!.own.values, only!.baseline.values));
  return { difference, pairs: 0, test, reason: reason === null ? null : `${seeds}, and ${reason}` };
}

/** The value of each seed on the same images, and that of its baseline. Configurations with the same seed count as one: their mean. */
function pairsOf(comparisons: readonly Comparison[]): [number, number][] {
  const twins = new Map<string, [number, number][]>();
  for (const { own, baseline } of comparisons) {
    for (const [seed, value] of own.bySeed) {
      const other = baseline.bySeed.get(seed);
      if (other === undefined) continue;
      const name = `${own.images} ${seed}`;
      const twin = twins.get(name);
      if (twin) twin.push([value, other]);
      else twins.set(name, [[value, other]]);
    }
  }
  return [...twins.values()].map((twin) => [
    meanOf(twin.map(([value]) => value)),
    meanOf(twin.map(([, other]) => other)),
  ]);
}

/** Such as "these are of 2 configurations". */
function mixed(comparisons: readonly Comparison[]): string {
  const configurations = new Set(comparisons.map(({ own }) => own.key)).size;
  const draws = new Set(comparisons.map(({ own }) => own.images)).size;
  const parts = [
    ...(configurations > 1 ? [`${configurations} configurations`] : []),
    ...(draws > 1 ? [`${draws} draws`] : []),
  ];
  return `these are of ${parts.join(' and ')}`;
}

const outcome = (test: TTest | NoTest): { test: TTest | null; reason: string | null } =>
  'reason' in test ? { test: null, reason: test.reason } : { test, reason: null };
