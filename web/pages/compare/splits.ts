/** A run as far as its labelled images go. */
export interface SplitRun {
  number: number;
  splitHash: string | null;
  dataset: { name: string };
}

/** Runs of one dataset that were trained on the same labelled images. */
export interface SplitGroup {
  splitHash: string;
  numbers: number[];
}

/**
 * The groups of runs on each dataset whose runs have different labelled images, so that their difference is not the method's
 * alone. Runs that have not drawn their split yet belong to no group.
 */
export function differentSplits(runs: readonly SplitRun[]): { dataset: string; groups: SplitGroup[] }[] {
  const datasets = new Map<string, Map<string, number[]>>();
  for (const { number, splitHash, dataset } of runs) {
    if (splitHash === null) continue;
    const splits = datasets.get(dataset.name) ?? new Map<string, number[]>();
    datasets.set(dataset.name, splits.set(splitHash, [...(splits.get(splitHash) ?? []), number]));
  }
  return [...datasets]
    .filter(([, splits]) => splits.size > 1)
    .map(([dataset, splits]) => ({
      dataset,
      groups: [...splits].map(([splitHash, numbers]) => ({ splitHash, numbers })),
    }));
}
