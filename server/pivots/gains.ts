import type { NoTest, TTest } from '../../schema/statistics/t-tests.js';
import { RunState } from '../runs/run.entity.js';
import { type Cell, isWhole } from './cells.js';
import type { ComparedRun, Settings } from './compared-run.js';
import { type Comparison, differenceOf } from './comparison.js';
import { differingPaths, distanceOf, isOfDistance, withoutSplit } from './differing-paths.js';
import { grouped } from './grouped.js';
import { imagesOf, type Sample, samplesOf } from './sample.js';

/** How much better the runs of a cell are than the baseline. */
export interface Gain {
  /** Null if there is none. */
  difference: number | null;
  test: TTest | null;
  /** How many pairs of equal labels and seed the difference is the mean of; 0 if it is that of means. */
  pairs: number;
  /** How many runs the baseline has. */
  baselineN: number;
  /** Why there is no gain, or no test; null if there are both. */
  reason: string | null;
  /** Settings in which the cell's runs differ from the baseline, apart from what is compared. */
  differing: string[];
}

const none = (reason: string): Gain => ({
  difference: null,
  test: null,
  pairs: 0,
  baselineN: 0,
  reason,
  differing: [],
});

/** Comparing this many pairs of settings, in a search for the nearest baseline, takes about a tenth of a second. */
const MOST_DISTANCES = 50_000;

interface Nearest {
  baseline: Sample;
  differing: string[];
}

/** Compares cells with the runs of a baseline on the same labelled images. */
export class Gains {
  /** The baseline's runs, by labelled images. */
  private readonly byImages: ReadonlyMap<string, Sample[]>;
  private readonly members = new Set<ComparedRun>();
  /** Labelled images with completed runs of the baseline whose evaluation covers too few images. */
  private readonly partial = new Set<string>();
  private readonly keys = new Map<Settings, string>();
  /** What was found for a configuration. Several cells may have runs of it. */
  private readonly found = new Map<string, Nearest | NoTest>();
  /** How many pairs of settings the search for the nearest baselines compares. */
  private readonly distances: number;

  /**
   * @param whole how many images an evaluation must cover to count (see mostImages)
   * @param chosen a run that was chosen as the baseline: with it, all runs with its settings. Null: supervised runs
   */
  constructor(
    runs: readonly ComparedRun[],
    whole: ReadonlyMap<string, number>,
    private readonly chosen: ComparedRun | null,
  ) {
    const own = chosen && withoutSplit(chosen.settings);
    const fits = (settings: Settings): boolean =>
      own === null ? settings.config.method.name === 'supervised' : this.keyOf(settings) === own;
    const usable: ComparedRun[] = [];
    for (const run of runs) {
      if (!fits(run.settings)) continue;
      this.members.add(run);
      if (run.state !== RunState.COMPLETED || run.value === null || !Number.isFinite(run.value)) continue;
      if (isWhole(run, whole)) usable.push(run);
      else this.partial.add(imagesOf(run));
    }
    this.byImages = grouped(
      samplesOf(usable, (settings) => this.keyOf(settings)),
      ({ images }) => images,
    );
    this.distances = chosen ? 0 : this.distancesTo(runs);
  }

  of({ counted, completed }: Cell): Gain {
    if (counted.length === 0) return none('no run of the cell has a value');
    if (counted.some((run) => this.members.has(run))) return none('these runs are the baseline');
    if (!completed) return none('no run of the cell is completed');
    const comparisons: Comparison[] = [];
    const differing = new Set<string>();
    for (const own of samplesOf(counted, (settings) => this.keyOf(settings))) {
      const nearest = this.nearest(own);
      if ('reason' in nearest) return none(nearest.reason);
      comparisons.push({ own, baseline: nearest.baseline });
      for (const path of nearest.differing) differing.add(path);
    }
    const baselines = new Set(comparisons.map(({ baseline }) => baseline));
    const baselineN = [...baselines].reduce((sum, { runs }) => sum + runs.length, 0);
    return { ...differenceOf(comparisons), baselineN, differing: [...differing] };
  }

  private get what(): string {
    return this.chosen ? `run with the settings of run ${this.chosen.number}` : 'supervised run';
  }

  private nearest(own: Sample): Nearest | NoTest {
    const name = `${own.images} ${own.key}`;
    const known = this.found.get(name) ?? this.search(own);
    this.found.set(name, known);
    return known;
  }

  /** The runs of the baseline on the same labelled images whose other settings differ least. */
  private search({ images, settings }: Sample): Nearest | NoTest {
    const baselines = this.byImages.get(images);
    if (!baselines) return { reason: this.absence(images) };
    // What differs from a chosen baseline is what is compared.
    if (this.chosen) return { baseline: baselines[0]!, differing: [] };
    if (baselines.length > 1 && this.distances > MOST_DISTANCES) {
      return {
        reason:
          `too many ${this.what}s have other settings: the nearest ones are found among at most ${MOST_DISTANCES} pairs of ` +
          `configurations, and the table has ${this.distances}: choose a baseline, or fewer runs`,
      };
    }
    let [least, nearest]: [number, Sample[]] = [Number.POSITIVE_INFINITY, []];
    for (const each of baselines) {
      const distance = distanceOf(settings, each.settings, least);
      if (distance < least) [least, nearest] = [distance, []];
      if (distance === least) nearest.push(each);
    }
    const [baseline, ...rivals] = nearest;
    if (rivals.length > 0) {
      const paths = [...differingPaths(nearest.map((each) => each.settings))].filter(
        (path) => !path.startsWith('split.'),
      );
      return { reason: `several baselines are equally close: ${this.what}s that differ in ${paths.join(', ')}` };
    }
    return { baseline: baseline!, differing: [...differingPaths([settings, baseline!.settings])].filter(isOfDistance) };
  }

  private absence(images: string): string {
    const absent = `there is no completed ${this.what} with a value on the same labelled images`;
    return this.partial.has(images) ? `${absent} whose evaluation covers as many images as others` : absent;
  }

  private distancesTo(runs: readonly ComparedRun[]): number {
    const compared = new Map<string, Set<Settings>>();
    for (const run of runs) {
      const images = imagesOf(run);
      if (this.members.has(run) || (this.byImages.get(images)?.length ?? 0) < 2) continue;
      const own = compared.get(images) ?? new Set<Settings>();
      compared.set(images, own);
      own.add(run.settings);
    }
    return [...compared].reduce((sum, [images, own]) => sum + own.size * this.byImages.get(images)!.length, 0);
  }

  private keyOf(settings: Settings): string {
    const known = this.keys.get(settings) ?? withoutSplit(settings);
    this.keys.set(settings, known);
    return known;
  }
}
