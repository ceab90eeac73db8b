import type { Principal } from './principal.js';

/** Whom a token belongs to. */
export interface Identity {
  principal: Principal;
  /** When the token expires, by this machine's `performance.now()`; null means never. */
  expiresAtMs: number | null;
}

/** A lost NOTIFY is made up for after this time. */
const FRESH_MS = 5000;
const MAX_TOKENS = 10_000;

interface Entry {
  identity: Identity;
  readAtMs: number;
  generation: number;
}

/**
 * Remembers the tokens that were valid when they were last looked up, by hash. What it returns was read within the last 5 s,
 * and since the last change of anybody's access. Older entries stay as a list of tokens that are in use. Bounded: the token
 * that was not used for the longest time is forgotten first.
 */
export class IdentityCache {
  private readonly entries = new Map<string, Entry>();
  private current = 0;

  /** Counts the calls of `invalidate`. */
  get generation(): number {
    return this.current;
  }

  /** The identity, unless it has to be looked up again. */
  get(hash: string): Identity | null {
    const entry = this.entries.get(hash);
    const now = performance.now();
    if (!entry || entry.generation !== this.current || now - entry.readAtMs > FRESH_MS) return null;
    const { expiresAtMs } = entry.identity;
    return expiresAtMs === null || expiresAtMs > now ? entry.identity : null;
  }

  /** Whether the token was valid when it was last looked up, however long ago. */
  knows(hash: string): boolean {
    return this.entries.has(hash);
  }

  /** Stores what was read. `generation` is the one from before the look-up: a change in the meantime makes it stale. */
  put(hash: string, identity: Identity, generation: number): void {
    this.entries.delete(hash);
    if (this.entries.size >= MAX_TOKENS) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(hash, { identity, readAtMs: performance.now(), generation });
  }

  forget(hash: string): void {
    this.entries.delete(hash);
  }

  /** Everything has to be looked up again. */
  invalidate(): void {
    this.current++;
  }
}
