import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetKind } from '../../tracking/messages.js';
import { DatasetError } from '../dataset-error.js';

/** By what each kind that lies in a folder is known: one of these paths is there. */
const MARKS: readonly { kind: DatasetKind; paths: readonly string[] }[] = [
  { kind: 'folder', paths: ['classes.json'] },
  { kind: 'voc', paths: ['JPEGImages', 'VOC2012/JPEGImages'] },
  { kind: 'cityscapes', paths: ['leftImg8bit'] },
];

/** The kinds that a person can ask for by name; the last is never detected, since recipes mean Cityscapes without it. */
export const FOLDER_KINDS: readonly DatasetKind[] = [...MARKS.map(({ kind }) => kind), 'cityscapes_extra'];

/**
 * Which kind of dataset lies in a folder, by its layout alone.
 *
 * @throws DatasetError when it is none, saying what was looked for, or looks like several.
 */
export function detectKind(directory: string): DatasetKind {
  const found = MARKS.flatMap(({ kind, paths }) => {
    const path = paths.find((each) => existsSync(join(directory, each)));
    return path === undefined ? [] : [{ kind, path }];
  });
  if (found.length === 1) return found[0]!.kind;
  const wanted = MARKS.map(({ kind, paths }) => `${paths.join(' or ')} (${kind})`).join(', ');
  if (found.length === 0) {
    throw new DatasetError(directory, [`holds none of ${wanted}; see docs/datasets.md for the layouts`]);
  }
  const several = found.map(({ kind, path }) => `${path} (${kind})`).join(' and ');
  throw new DatasetError(directory, [`holds ${several}; say which one it is: --data ${found[0]!.kind}:${directory}`]);
}
