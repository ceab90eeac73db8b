/** A run as far as its images go. */
export interface SplitRun {
  number: number;
  splitHash: string | null;
  /** The list of its unlabelled images; null where all others are unlabelled. */
  unlabelledList: string | null;
  dataset: { name: string };
}

/** Runs of one dataset that were trained on the same labelled and unlabelled images. */
export interface SplitGroup {
  splitHash: string;
  unlabelledList: string | null;
  numbers: number[];
}

/**
 * The groups of runs on each dataset whose runs have different labelled or unlabelled images, so that their difference is not
 * the method's alone. Runs that have not drawn their split yet belong to no group.
 */
export function differentSplits(runs: readonly SplitRun[]): { dataset: string; groups: SplitGroup[] }[] {
  const datasets = new Map<string, Map<string, SplitGroup>>();
  for (const { number, splitHash, unlabelledList, dataset } of runs) {
    if (splitHash === null) continue;
    const groups = datasets.get(dataset.name) ?? new Map<string, SplitGroup>();
    const key = JSON.stringify([splitHash, unlabelledList]);
    const group = groups.get(key) ?? { splitHash, unlabelledList, numbers: [] };
    group.numbers.push(number);
    datasets.set(dataset.name, groups.set(key, group));
  }
  return [...datasets]
    .filter(([, groups]) => groups.size > 1)
    .map(([dataset, groups]) => ({ dataset, groups: [...groups.values()] }));
}
