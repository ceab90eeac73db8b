import type { Dataset } from './dataset.entity.js';
import type { DatasetDescription } from './description.js';

/** The parts of a description that the fingerprint covers, with their names for people. */
const PARTS: readonly [keyof DatasetDescription, string][] = [
  ['classes', 'classes'],
  ['ignoreIndex', 'ignore index'],
  ['trainImages', 'number of training images'],
  ['unlabelledImages', 'number of images without labels'],
  ['valImages', 'number of validation images'],
  ['testImages', 'number of test images'],
];

/**
 * How an announced dataset differs from the stored one of the same name, as a phrase for people; null if they are the same.
 * Equal fingerprints with different classes or numbers of images are possible only if one of the two runners is wrong.
 */
export function difference(stored: Dataset, announced: DatasetDescription): string | null {
  if (stored.fingerprint !== announced.fingerprint) {
    return `the known one has fingerprint ${stored.fingerprint}, this runner's has ${announced.fingerprint}`;
  }
  const differing = PARTS.filter(([part]) => canonical(stored[part]) !== canonical(announced[part]));
  if (differing.length === 0) return null;
  return `both have fingerprint ${stored.fingerprint}, but they differ in: ${differing.map(([, name]) => name).join(', ')}`;
}

/** The value as text that does not depend on the order of keys, which jsonb does not keep. */
function canonical(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return JSON.stringify((value as Dataset['classes']).map(({ name, color }) => [name, color.toLowerCase()]));
}
