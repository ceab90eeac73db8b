import type { Network } from '../../schema/generated/web/graphql.js';
import { NETWORKS } from '../format/choices.js';
import type { Sample } from './sample.js';

export interface Tile {
  key: string;
  label: string;
  /** The label map to lay over the input; null for the input itself. */
  overlayUrl: string | null;
}

const NAMES = new Map<Network, string>(NETWORKS);
const ORDER = [...NAMES.keys()];

/** The tiles of a sample, from left to right. */
export function tilesOf({ groundTruthUrl, predictions }: Sample): Tile[] {
  const ordered = [...predictions].sort((a, b) => ORDER.indexOf(a.network) - ORDER.indexOf(b.network));
  return [
    { key: 'input', label: 'Input', overlayUrl: null },
    ...(groundTruthUrl ? [{ key: 'truth', label: 'Ground truth', overlayUrl: groundTruthUrl }] : []),
    ...ordered.map(({ network, url }) => ({ key: network, label: NAMES.get(network)!, overlayUrl: url })),
  ];
}
