import { createHash } from 'node:crypto';
import type { Subset } from '../tracking/tracker.js';
import type { ClassInfo, DatasetDescriptor } from './dataset.js';

export interface DatasetContents {
  classes: readonly ClassInfo[];
  ignoreIndex: number;
  ids: Readonly<Record<Subset, readonly string[]>>;
  /** What an image's and its label's files hold; left out where the id alone says what is drawn. */
  digest?: (subset: Subset, id: string) => string;
}

/**
 * SHA-256 (hex) over classes, ignore index, the ids of every subset and what their files hold; neither the name nor the
 * place counts.
 */
export function fingerprint({ classes, ignoreIndex, ids, digest }: DatasetContents): string {
  const images = (subset: Subset) => [...ids[subset]].sort().map((id) => (digest ? [id, digest(subset, id)] : id));
  const canonical = [
    classes.map(({ name, color }) => [name, ...color]),
    ignoreIndex,
    images('TRAIN'),
    images('VAL'),
    images('TEST'),
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
