import { meanOf } from '../../schema/statistics/summary.js';
import { type NoTest, pairedTest, type TTest, welchTest } from '../../schema/statistics/t-tests.js';
import { RunState } from '../runs/run.entity.js';
import type { Cell } from './cells.js';
import type { ComparedRun, Settings } from './compared-run.js';

/** How much better the runs of a cell are than the baseline. */
export interface Gain {
  /** Null if there is none. */
  difference: number | null;
  test: TTest | null;
  /** How many pairs of equal labels and seed the difference is the mean of; 0 if it is that of two means. */
  pairs: number;
  /** The runs of the baseline. */
  baseline: ComparedRun[];
  /** Why there is no gain, or no test; null if there are both. */
  reason: string | null;
  /** Settings in which the cell's runs differ from the baseline, apart from what is compared. */
  differing: string[];
}

const none = (reason: string): Gain => ({
  difference: null,
  test: null,
  pairs: 0,
  baseline: [],
  reason,
  differing: [],
});

/** Compares cells with the runs of a baseline on the same labelled images. */
export class Gains {
  /** The baseline's runs, by labelled images. */
  private readonly bySplit = new Map<string, ComparedRun[]>();
  private readonly members = new Set<ComparedRun>();
  private readonly keys = new Map<Settings, string>();
  private readonly distances = new Map<Settings, Map<Settings, string[]>>();

  /**
   * @param chosen a run that was chosen as the baseline: with it, all runs with its settings. Null: supervised runs
   */
  constructor(
    runs: readonly ComparedRun[],
    private readonly chosen: ComparedRun | null,
  ) {
    const own = chosen && withoutSplit(chosen.settings);
    const isMember = new Map<Settings, boolean>();
    const settingsFit = (settings: Settings): boolean => {
      const known = isMember.get(settings);
      if (known !== undefined) return known;
      const fits = own === null ? settings.config.method.name === 'supervised' : this.keyOf(settings) === own;
      isMember.set(settings, fits);
      return fits;
    };
    for (const run of runs) {
      if (!settingsFit(run.settings)) continue;
      this.members.add(run);
      if (run.state !== RunState.COMPLETED || run.value === null || !Number.isFinite(run.value)) continue;
      const key = imagesOf(run);
      const same = this.bySplit.get(key);
      if (same) same.push(run);
      else this.bySplit.set(key, [run]);
    }
  }

  private get what(): string {
    return this.chosen ? `run with the settings of run ${this.chosen.number}` : 'supervised run';
  }

  of(cell: Cell): Gain {
    if (cell.counted.length === 0) return none('no run of the cell has a value');
    if (cell.counted.some((run) => this.members.has(run))) return none('these runs are the baseline');
    if (!cell.completed) return none('no run of the cell is completed');
    const baseline = new Set<ComparedRun>();
    const differing = new Set<string>();
    for (const run of representatives(cell.counted)) {
      const nearest = this.nearest(run);
      if ('reason' in nearest) return none(nearest.reason);
      for (const each of nearest.runs) baseline.add(each);
      for (const path of nearest.differing) differing.add(path);
    }
    return { ...compared(cell.counted, [...baseline]), baseline: [...baseline], differing: [...differing] };
  }

  /** The runs of the baseline on the same labelled images whose other settings differ least. */
  private nearest(run: ComparedRun): { runs: ComparedRun[]; differing: string[] } | NoTest {
    const same = this.bySplit.get(imagesOf(run));
    if (!same) return { reason: `there is no completed ${this.what} with a value on the same labelled images` };
    const settings = [...new Set(same.map((each) => each.settings))];
    const distances = settings.map((other) => this.differences(run.settings, other));
    const least = Math.min(...distances.map(({ length }) => length));
    const nearest = settings.filter((_, i) => distances[i]!.length === least);
    if (new Set(nearest.map((each) => this.keyOf(each))).size > 1) {
      const paths = [...new Set(distances.filter(({ length }) => length === least).flat())].join(', ');
      return { reason: `several baselines are equally close: ${this.what}s that differ in ${paths}` };
    }
    const runs = same.filter((each) => nearest.includes(each.settings));
    return { runs, differing: distances.find(({ length }) => length === least)! };
  }

  private keyOf(settings: Settings): string {
    const known = this.keys.get(settings) ?? withoutSplit(settings);
    this.keys.set(settings, known);
    return known;
  }

  /** The settings in which two runs differ, apart from the split and, with the supervised baseline, the method. */
  private differences(a: Settings, b: Settings): string[] {
    // What differs from a chosen baseline is what is compared.
    if (this.chosen) return [];
    const ofA = this.distances.get(a) ?? new Map<Settings, string[]>();
    this.distances.set(a, ofA);
    const known = ofA.get(b) ?? [...differingPaths([a, b])].filter((path) => !/^(method|split)\./.test(path));
    ofA.set(b, known);
    return known;
  }
}

/** One run for each configuration and split. */
function representatives(runs: readonly ComparedRun[]): ComparedRun[] {
  const found = new Map<Settings, Map<string, ComparedRun>>();
  for (const run of runs) {
    const own = found.get(run.settings) ?? new Map<string, ComparedRun>();
    found.set(run.settings, own);
    own.set(run.split, run);
  }
  return [...found.values()].flatMap((own) => [...own.values()]);
}

/** Runs can be compared if they have the same labelled images of the same dataset. */
const imagesOf = ({ datasetId, split }: ComparedRun): string => `${datasetId} ${split}`;

function withoutSplit({ flat }: Settings): string {
  return JSON.stringify([...flat].filter(([path]) => !path.startsWith('split.')).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The paths of settings that not all have, or not with the same value. */
export function differingPaths(settings: readonly Settings[]): Set<string> {
  const differing = new Set<string>();
  const [first, ...others] = settings;
  for (const { flat } of others) {
    for (const [path, value] of flat) if (first!.flat.get(path) !== value) differing.add(path);
    for (const path of first!.flat.keys()) if (!flat.has(path)) differing.add(path);
  }
  return differing;
}

/** By pairs of equal images and seed if there are at least two, otherwise by means. */
function compared(runs: readonly ComparedRun[], baseline: readonly ComparedRun[]) {
  const [values, others] = [runs, baseline].map((each) => each.map(({ value }) => value!)) as [number[], number[]];
  const [own, twins] = [meansByTwin(runs), meansByTwin(baseline)];
  const pairs = [...own].flatMap(([twin, mean]) => (twins.has(twin) ? [[mean, twins.get(twin)!] as const] : []));
  if (pairs.length >= 2) {
    const test = pairedTest(pairs);
    const difference = meanOf(pairs.map(([mean, other]) => mean - other));
    return { difference, pairs: pairs.length, ...outcome(test, null) };
  }
  const difference = meanOf(values) - meanOf(others);
  const seeds = pairs.length === 1 ? 'only one seed matches' : 'no seed matches';
  return { difference, pairs: 0, ...outcome(welchTest(values, others), seeds) };
}

function outcome(test: TTest | NoTest, because: string | null): { test: TTest | null; reason: string | null } {
  if (!('reason' in test)) return { test, reason: null };
  return { test: null, reason: because === null ? test.reason : `${because}, and ${test.reason}` };
}

/** Runs with the same images and the same seed count as one: their mean. */
function meansByTwin(runs: readonly ComparedRun[]): Map<string, number> {
  const values = new Map<string, number[]>();
  for (const run of runs) {
    const twin = `${imagesOf(run)} ${run.seed}`;
    const own = values.get(twin);
    if (own) own.push(run.value!);
    else values.set(twin, [run.value!]);
  }
  return new Map([...values].map(([twin, each]) => [twin, meanOf(each)]));
}
