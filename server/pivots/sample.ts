import { meanOf } from '../../schema/statistics/summary.js';
import type { ComparedRun, Settings } from './compared-run.js';
import { grouped } from './grouped.js';

/** Runs with finite values that have the same labelled images and the same settings, apart from the split. */
export class Sample {
  private knownMean: number | null = null;
  private knownBySeed: Map<number, number> | null = null;

  constructor(
    readonly images: string,
    readonly key: string,
    readonly settings: Settings,
    readonly runs: readonly ComparedRun[],
  ) {}

  get values(): number[] {
    return this.runs.map(({ value }) => value!);
  }

  get mean(): number {
    this.knownMean ??= meanOf(this.values);
    return this.knownMean;
  }

  /** The value of each seed. Runs with the same seed count as one: their mean. */
  get bySeed(): ReadonlyMap<number, number> {
    this.knownBySeed ??= new Map(
      [...grouped(this.runs, ({ seed }) => seed)].map(([seed, runs]) => [
        seed,
        meanOf(runs.map(({ value }) => value!)),
      ]),
    );
    return this.knownBySeed;
  }
}

/** Runs can be compared if they have the same labelled images of the same dataset. */
export const imagesOf = ({ datasetId, split }: ComparedRun): string => `${datasetId} ${split}`;

/** Sorts runs into samples. @param keyOf a text that is equal for settings that are equal apart from the split */
export function samplesOf(runs: readonly ComparedRun[], keyOf: (settings: Settings) => string): Sample[] {
  const groups = grouped(runs, (run) => `${imagesOf(run)} ${keyOf(run.settings)}`);
  return [...groups.values()].map((group) => {
    const [first] = group as [ComparedRun];
    return new Sample(imagesOf(first), keyOf(first.settings), first.settings, group);
  });
}
