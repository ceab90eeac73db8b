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
  /** A digest of an image's files. Omitted if the id alone determines the image, as in a generated dataset. */
  digest?: (subset: Subset, id: string) => string;
  /** See Scan. */
  coding?: string | null;
}

/**
 * SHA-256 (hex) over classes, ignore index, channels, normalisation, the ids of every subset and of the images without
 * a label, the content of their files and, where people can choose it, what the labels' values mean. It does not depend on the dataset's name or location.
 */
export function fingerprint(contents: DatasetContents): string {
  const { classes, ignoreIndex, ids, unlabelledIds, digest, coding = null } = contents;
  const images = (subset: Subset, of = ids[subset]) =>
    [...of].sort().map((id) => (digest ? [id, digest(subset, id)] : id));
  const canonical = [
    classes.map(({ name, color }) => [name, ...color]),
    ignoreIndex,
    images('TRAIN'),
    images('VAL'),
    images('TEST'),
    ...channelsOf(contents),
    // Left out if there are none, so that the fingerprints from before unlabelled images existed stay valid.
    ...(unlabelledIds.length > 0 ? [{ unlabelled: images('TRAIN', unlabelledIds) }] : []),
    ...(coding === null ? [] : [{ coding }]),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** Empty for RGB with ImageNet's normalisation, so that fingerprints from before there was a choice stay valid. */
function channelsOf({ channels, normalisation: { mean, std } }: DatasetContents): [] | [[Channels, ...number[]]] {
  const numbers = [...mean, ...std];
  return channels === 3 && String(numbers) === String([...IMAGENET.mean, ...IMAGENET.std])
    ? []
    : [[channels, ...numbers]];
}

/** The descriptor of a dataset with these contents. */
export function describeDataset(name: string, kind: string, contents: DatasetContents): DatasetDescriptor {
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
    warnings: [],
  };
}
