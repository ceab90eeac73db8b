import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';

/** What people call the folders of the subsets. The first name is the usual one. */
const NAMES: Readonly<Record<Subset, readonly string[]>> = {
  TRAIN: ['train', 'training', 'train2017'],
  VAL: ['val', 'valid', 'validation', 'val2017'],
  TEST: ['test', 'testing', 'test2017'],
};

/**
 * The name of a subset's folder in `parent`; null if there is none. Several are a problem, because all but one would be left
 * out.
 */
export function subsetFolder(parent: string, subset: Subset, problems: string[]): string | null {
  const [name, other] = NAMES[subset].filter((each) => existsSync(join(parent, each)));
  if (other !== undefined)
    problems.push(`${parent}: has both ${join(parent, name!)} and ${join(parent, other)}; keep one of them`);
  return name ?? null;
}

/** Whether a folder has a folder for some subset, with another one inside it. */
export function hasSubsetFolders(parent: string, within = ''): boolean {
  return Object.values(NAMES).some((names) => names.some((name) => existsSync(join(parent, name, within))));
}

/** The usual name of a subset's folder. */
export const usualName = (subset: Subset): string => NAMES[subset][0]!;
