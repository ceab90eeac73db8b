import { createHash } from 'node:crypto';

/** The dataset of every run. Its classes are those of `fill.ts`. */
export const DATASET = 'fuzz';
export const CLASSES = 3;
export const POOL = 'default';

/** A row's id follows from its name, so that a call that found a fault can be repeated in another database. */
export function idOf(name: string): string {
  const hex = createHash('md5').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A secret that follows from its name, long enough for the server. */
export function tokenOf(name: string): string {
  return `crosscheck_fuzz_${createHash('sha256').update(name).digest('base64url')}`;
}

export function hashOf(token: string | Buffer): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Rows that a call may use up. Each kind has many, which are restored from time to time. */
export const SPARES = {
  'run to delete': 'COMPLETED',
  'run to cancel': 'QUEUED',
  'run to retry': 'CANCELED',
} as const;
export const SPARE_ROWS = 200;
export type SpareRun = keyof typeof SPARES;
export type SpareRunner = 'runner to remove' | 'runner to drain';
export type SparePerson = 'account to change' | 'token to revoke' | 'token to rotate';
export type Spare = SpareRun | SpareRunner | SparePerson | 'study to delete' | 'saved filter';
export const SPARE_RUNNERS: readonly SpareRunner[] = ['runner to remove', 'runner to drain'];
