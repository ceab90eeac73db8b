import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetKind } from '../../tracking/messages.js';
import { DatasetError } from '../dataset-error.js';

/** How each kind of folder is recognised: one of these paths exists in it. */
const MARKS: readonly { kind: DatasetKind; paths: readonly string[] }[] = [
  { kind: 'folder', paths: ['classes.json'] },
  { kind: 'voc', paths: ['JPEGImages', 'VOC2012/JPEGImages'] },
  { kind: 'cityscapes', paths: ['leftImg8bit'] },
];

/** The kinds that can be requested by name. cityscapes_extra is never detected: recipes expect plain Cityscapes. */
export const FOLDER_KINDS: readonly DatasetKind[] = [...MARKS.map(({ kind }) => kind), 'cityscapes_extra'];

/**
 * Detects the kind of dataset in a folder from its layout.
 *
 * @throws DatasetError when the folder matches no layout, or more than one.
 */
export function detectKind(directory: string): DatasetKind {
  const found = MARKS.flatMap(({ kind, paths }) => {
    const path = paths.find((each) => existsSync(join(directory, each)));
    return path === undefined ? [] : [{ kind, path }];
  });
  if (found.length === 1) return found[0]!.kind;
  const wanted = MARKS.map(({ kind, paths }) => `${paths.join(' or ')} (${kind})`).join(', ');
  if (found.length === 0) {
    throw new DatasetError(directory, [`has none of ${wanted}; see docs/datasets.md for the layouts`]);
  }
  const several = found.map(({ kind, path }) => `${path} (${kind})`).join(' and ');
  throw new DatasetError(directory, [
    `has ${several}, so its kind is ambiguous; specify it: --data ${found[0]!.kind}:${directory}`,
  ]);
}
