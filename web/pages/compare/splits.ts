/** The images of a run. */
export interface SplitRun {
  number: number;
  splitHash: string | null;
  /** The list of its unlabelled images; null when all images outside the split are unlabelled. */
  unlabelledList: string | null;
  dataset: { name: string };
}

/** Runs on one dataset that were trained on the same labelled and unlabelled images. */
export interface SplitGroup {
  splitHash: string;
  unlabelledList: string | null;
  numbers: number[];
}

/**
 * For each dataset whose runs have different labelled or unlabelled images: its groups of runs. The method alone does
 * not explain how such runs differ. Runs that have not drawn their split yet are in no group.
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
