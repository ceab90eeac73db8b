import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits; the prefix tells people and secret scanners what it is. */
export function newSecret(kind: 'user' | 'registration' | 'runner'): string {
  return `crosscheck_${kind}_${randomBytes(32).toString('base64url')}`;
}

/** What is stored. A plain hash suffices: 256 random bits cannot be guessed, so nothing needs to be slow. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
