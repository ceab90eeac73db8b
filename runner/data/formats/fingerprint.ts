import { createHash } from 'node:crypto';
import type { Subset } from '../../tracking/tracker.js';
import type { ClassInfo, DatasetDescriptor } from '../dataset.js';
import { IMAGENET, type Normalisation } from '../images/normalisation.js';
import type { Channels } from '../images/pixels.js';

export interface DatasetContents {
  classes: readonly ClassInfo[];
  ignoreIndex: number;
  channels: Channels;
  normalisation: Normalisation;
  ids: Readonly<Record<Subset, readonly string[]>>;
  /** Training images that have no label. */
  unlabelledIds: readonly string[];
  /** What an image's and its label's files hold; left out where the id alone says what is drawn. */
  digest?: (subset: Subset, id: string) => string;
}

/**
 * SHA-256 (hex) over classes, ignore index, channels and their normalisation, the ids of every subset and of the images
 * without a label, and what their files hold; neither the name nor the place counts.
 */
export function fingerprint(contents: DatasetContents): string {
  const { classes, ignoreIndex, ids, unlabelledIds, digest } = contents;
  const images = (subset: Subset, of = ids[subset]) =>
    [...of].sort().map((id) => (digest ? [id, digest(subset, id)] : id));
  const canonical = [
    classes.map(({ name, color }) => [name, ...color]),
    ignoreIndex,
    images('TRAIN'),
    images('VAL'),
    images('TEST'),
    ...channelsOf(contents),
    // Nothing when there are none, so that such a dataset is the one it was before there could be any.
    ...(unlabelledIds.length > 0 ? [{ unlabelled: images('TRAIN', unlabelledIds) }] : []),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** Nothing for RGB by ImageNet's numbers, so that such a dataset is the one it was before there was a choice. */
function channelsOf({ channels, normalisation: { mean, std } }: DatasetContents): [] | [[Channels, ...number[]]] {
  const numbers = [...mean, ...std];
  return channels === 3 && String(numbers) === String([...IMAGENET.mean, ...IMAGENET.std])
    ? []
    : [[channels, ...numbers]];
}

/** The descriptor that a runner announces for these contents. */
export function describeDataset(
  name: string,
  kind: DatasetDescriptor['kind'],
  contents: DatasetContents,
): DatasetDescriptor {
  const { classes, ignoreIndex, channels, normalisation, ids, unlabelledIds } = contents;
  return {
    name,
    kind,
    classes: [...classes],
    ignoreIndex,
    channels,
    normalisation,
    subsets: { TRAIN: ids.TRAIN.length, VAL: ids.VAL.length, TEST: ids.TEST.length },
    unlabelledImages: unlabelledIds.length,
    fingerprint: fingerprint(contents),
  };
}
