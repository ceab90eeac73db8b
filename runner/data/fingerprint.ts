import { createHash } from 'node:crypto';
import type { Subset } from '../tracking/tracker.js';
import type { ClassInfo, DatasetDescriptor } from './dataset.js';

export interface DatasetContents {
  classes: readonly ClassInfo[];
  ignoreIndex: number;
  ids: Readonly<Record<Subset, readonly string[]>>;
}

/** SHA-256 (hex) over classes, ignore index and the ids of every subset; neither the name nor the place counts. */
export function fingerprint({ classes, ignoreIndex, ids }: DatasetContents): string {
  const canonical = [
    classes.map(({ name, color }) => [name, ...color]),
    ignoreIndex,
    [...ids.TRAIN].sort(),
    [...ids.VAL].sort(),
    [...ids.TEST].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** The descriptor that a runner announces for these contents. */
export function describeDataset(
  name: string,
  kind: DatasetDescriptor['kind'],
  contents: DatasetContents,
): DatasetDescriptor {
  const { classes, ignoreIndex, ids } = contents;
  return {
    name,
    kind,
    classes: [...classes],
    ignoreIndex,
    subsets: { TRAIN: ids.TRAIN.length, VAL: ids.VAL.length, TEST: ids.TEST.length },
    fingerprint: fingerprint(contents),
  };
}
