import type { Network } from '../../schema/generated/web/graphql.js';
import { networkName } from '../format/choices.js';
import { t } from '../messages/t.js';
import type { Sample } from './sample.js';

export interface Tile {
  key: string;
  label: string;
  /** The label map to lay over the input; null for the input itself. */
  overlayUrl: string | null;
}

const ORDER: Network[] = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'];

/** The tiles of a sample, from left to right. */
export function tilesOf({ groundTruthUrl, predictions }: Sample): Tile[] {
  const ordered = [...predictions].sort((a, b) => ORDER.indexOf(a.network) - ORDER.indexOf(b.network));
  return [
    { key: 'input', label: t('samples.input'), overlayUrl: null },
    ...(groundTruthUrl ? [{ key: 'truth', label: t('samples.truth'), overlayUrl: groundTruthUrl }] : []),
    ...ordered.map(({ network, url }) => ({ key: network, label: networkName(network), overlayUrl: url })),
  ];
}
