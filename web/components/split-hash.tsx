import { shortHash } from '../format/format.js';

/** Which labelled images a run has: enough of the hash to compare by eye, the whole of it on hover. */
export function SplitHash({ hash }: { hash: string | null | undefined }) {
  return hash ? <code title={hash}>{shortHash(hash)}</code> : 'not drawn yet';
}
