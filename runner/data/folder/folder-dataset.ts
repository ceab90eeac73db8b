import { availableParallelism } from 'node:os';
import type { Subset } from '../../tracking/tracker.js';
import type { Dataset, DatasetDescriptor } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';
import { describeDataset } from '../fingerprint.js';
import { readClassesFile } from './classes-file.js';
import { decodePair, digestOf, FileProblem, readPair } from './read-pair.js';
import { type FilePair, scanSubset } from './scan.js';

const SUBSETS: readonly Subset[] = ['TRAIN', 'VAL', 'TEST'];

/**
 * Opens a folder dataset (docs/datasets.md). Every image and label is decoded and checked first (3 seconds for 700 pairs
 * of 240x180 on two cores), so that a damaged file is found now and not in the middle of a run. Its bytes go into the
 * fingerprint on the way.
 *
 * @param known what opening it before found: then the files are not checked now.

 * @throws DatasetError with all that is wrong in the folder.
 */
export async function openFolder(
  name: string,
  directory: string,
  known: DatasetDescriptor | null = null,
): Promise<Dataset> {
  const { classes, ignoreIndex } = await readClassesFile(directory);
  const pairs = { TRAIN: new Map(), VAL: new Map(), TEST: new Map() } as Record<Subset, Map<string, FilePair>>;
  const problems: string[] = [];
  for (const subset of SUBSETS) {
    const scan = await scanSubset(directory, subset);
    problems.push(...scan.problems);
    for (const pair of scan.pairs) pairs[subset].set(pair.id, pair);
  }
  const all = SUBSETS.flatMap((subset) => [...pairs[subset].values()]);
  const digests = new Map<FilePair, string>();
  const check = async (pair: FilePair): Promise<void> => {
    const bytes = await readPair(pair);
    await decodePair(pair, bytes, classes.length, ignoreIndex);
    digests.set(pair, digestOf(bytes));
  };
  if (!known) problems.push(...(await checkPairs(all, check)));
  if (problems.length > 0) throw new DatasetError(`dataset "${name}" in ${directory}`, problems);

  const digest = (subset: Subset, id: string) => digests.get(pairs[subset].get(id)!)!;
  const ids = { TRAIN: [...pairs.TRAIN.keys()], VAL: [...pairs.VAL.keys()], TEST: [...pairs.TEST.keys()] };
  return {
    descriptor: known ?? describeDataset(name, 'folder', { classes, ignoreIndex, ids, digest }),
    ids: (subset) => ids[subset],
    async load(subset, id) {
      const pair = pairs[subset].get(id);
      if (!pair) throw new RangeError(`dataset "${name}" has no ${subset} image "${id}"`);
      // Checked again: the file may have changed since.
      return decodePair(pair, await readPair(pair), classes.length, ignoreIndex);
    },
  };
}

/** Checks all pairs, as many at once as there are cores; answers the problems in the order of the pairs. */
async function checkPairs(pairs: readonly FilePair[], check: (pair: FilePair) => Promise<void>): Promise<string[]> {
  const problems: (string | undefined)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < pairs.length) {
      const index = next++;
      try {
        await check(pairs[index]!);
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        problems[index] = error.message;
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return problems.filter((problem) => problem !== undefined);
}
