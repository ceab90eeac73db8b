import DataLoader from 'dataloader';
import type { Principal } from './auth/principal.js';

/** What a resolver knows about the request. */
export interface Context {
  principal: Principal;
  loaders: Loaders;
  container: Container;
}

/** The server's resolvers by class. */
export interface Container {
  // biome-ignore lint/suspicious/noExplicitAny: any constructor
  get<T>(type: new (...parameters: any[]) => T): T;
}

/**
 * Batches the look-ups of one request: a list of runs asks for its studies in one query. A subscription lives as long as
 * its socket, so its loaders batch without remembering (`cache: false`), or it would show old rows for ever.
 */
export class Loaders {
  private readonly loaders = new Map<string, DataLoader<string, unknown>>();

  constructor(private readonly cache: boolean) {}

  /** The loader called `name`; `batch` answers the keys in their order, null where there is nothing. */
  of<V>(name: string, batch: (keys: readonly string[]) => Promise<(V | null)[]>): DataLoader<string, V | null> {
    const known = this.loaders.get(name);
    if (known) return known as DataLoader<string, V | null>;
    const loader = new DataLoader<string, V | null>(batch, { cache: this.cache });
    this.loaders.set(name, loader as DataLoader<string, unknown>);
    return loader;
  }
}

/** Puts rows into the order of the keys that a loader asked for. */
export function inOrder<V>(keys: readonly string[], rows: V[], keyOf: (row: V) => string): (V | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}
