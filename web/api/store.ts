import { type CacheExchangeOpts, cacheExchange, type UpdateResolver } from '@urql/exchange-graphcache';

/** Objects without an id are stored as parts of the object that has them. */
const idOf = ({ id }: { id?: unknown }): string | null => (typeof id === 'string' ? id : null);

type Keys = NonNullable<CacheExchangeOpts['keys']>;

/** Forgets an object, so that what shows it is read again. */
const forget =
  (type: string, idFrom: (result: Record<string, unknown>, args: Record<string, unknown>) => unknown): UpdateResolver =>
  (result: Record<string, unknown>, args: Record<string, unknown>, cache) => {
    const id = idFrom(result, args);
    if (typeof id === 'string') cache.invalidate({ __typename: type, id });
  };

/**
 * The store of everything that has been read: each object once, by its type and id, however it arrived (a query, a mutation or a
 * subscription). Whoever shows an object is drawn again when it changes, and nobody else. A message of a subscription that arrives
 * while a query is being answered is newer than the answer, which cannot undo it.
 */
export const storeExchange = cacheExchange({
  keys: new Proxy<Keys>({}, { get: () => idOf }),
  updates: {
    Subscription: { runDeleted: forget('Run', ({ runDeleted }) => runDeleted) },
    Mutation: {
      deleteRun: forget('Run', (_result, { id }) => id),
      deleteStudy: forget('Study', (_result, { id }) => id),
      removeRunner: forget('Runner', (_result, { id }) => id),
    },
  },
});
