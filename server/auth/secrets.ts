import { createHash, randomBytes } from 'node:crypto';

/** A secret of 256 random bits. The prefix tells people and secret scanners what it is. */
export function newSecret(kind: 'user' | 'registration' | 'runner'): string {
  return `crosscheck_${kind}_${randomBytes(32).toString('base64url')}`;
}

/** The hash that is stored. A fast one is enough: nobody can guess 256 random bits. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
