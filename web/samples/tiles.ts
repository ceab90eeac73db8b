import type { Network } from '../../schema/generated/web/graphql.js';
import type { Sample } from './sample.js';

export interface Tile {
  key: string;
  label: string;
  /** The label map to lay over the input; null for the input itself. */
  overlayUrl: string | null;
}

const NAMES: Record<Network, string> = { BRANCH1: 'Network 1', BRANCH2: 'Network 2', ENSEMBLE: 'Ensemble' };
const ORDER: Network[] = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'];

/** What there is to see of a sample, from left to right. */
export function tilesOf({ groundTruthUrl, predictions }: Sample): Tile[] {
  const ordered = [...predictions].sort((a, b) => ORDER.indexOf(a.network) - ORDER.indexOf(b.network));
  return [
    { key: 'input', label: 'Input', overlayUrl: null },
    ...(groundTruthUrl ? [{ key: 'truth', label: 'Ground truth', overlayUrl: groundTruthUrl }] : []),
    ...ordered.map(({ network, url }) => ({ key: network, label: NAMES[network], overlayUrl: url })),
  ];
}
