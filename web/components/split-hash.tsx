import { shortHash } from '../format/format.js';
import { t } from '../messages/t.js';

/** Identifies a run's labelled images: the first digits of the hash, the full hash on hover. */
export function SplitHash({ hash }: { hash: string | null | undefined }) {
  return hash ? <code title={hash}>{shortHash(hash)}</code> : t('common.notDrawn');
}
