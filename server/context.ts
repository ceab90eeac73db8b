import DataLoader from 'dataloader';
import type { Principal } from './auth/principal.js';
import type { Budget } from './graphql/budget.js';

/** What a resolver knows about the request. */
export interface Context {
  principal: Principal;
  /** The IP address that the request came from; null if unknown. */
  address: string | null;
  loaders: Loaders;
  /** What the operation may still read. */
  budget: Budget;
  container: Container;
}

/** The resolvers of the server, by class. */
export interface Container {
  // biome-ignore lint/suspicious/noExplicitAny: any constructor
  get<T>(type: new (...parameters: any[]) => T): T;
}

/**
 * Batches the look-ups of one request, so that a list of runs loads its studies in one query. A subscription lives as long
 * as its socket, so its loaders do not cache (`cache: false`): it would never see newer rows.
 */
export class Loaders {
  private readonly loaders = new Map<string, DataLoader<string, unknown>>();

  constructor(private readonly cache: boolean) {}

  /**
   * The loader called `name`. `batch` returns a value for each key, in the order of the keys; null if there is none, or an error
   * that only this key has.
   */
  of<V>(name: string, batch: (keys: readonly string[]) => Promise<(V | null | Error)[]>): DataLoader<string, V | null> {
    const known = this.loaders.get(name);
    if (known) return known as DataLoader<string, V | null>;
    const loader = new DataLoader<string, V | null>(batch, { cache: this.cache });
    this.loaders.set(name, loader as DataLoader<string, unknown>);
    return loader;
  }
}

/** Sorts rows into the order of the keys that a loader asked for. */
export function inOrder<V>(keys: readonly string[], rows: V[], keyOf: (row: V) => string): (V | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}

/** The rows of each key, in the order of the keys. Rows keep their order. */
export function listsInOrder<V>(keys: readonly string[], rows: readonly V[], keyOf: (row: V) => string): V[][] {
  const byKey = new Map<string, V[]>(keys.map((key) => [key, []]));
  for (const row of rows) byKey.get(keyOf(row))?.push(row);
  return keys.map((key) => byKey.get(key)!);
}

/** What `load` finds for the keys, without those that it finds nothing for. */
export async function foundOf<V>(keys: readonly string[], load: (key: string) => Promise<V | null>): Promise<V[]> {
  const values = await Promise.all(keys.map(load));
  return values.filter((value): value is NonNullable<typeof value> => value !== null);
}
