import { createClient as createSocketClient } from 'graphql-ws';
import { Client, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { addressOf } from './base.js';
import { setConnectionState } from './connection.js';
import { continuing } from './continue.js';
import { needsToken } from './errors.js';
import { persistedExchanges } from './persisted.js';
import { authorization } from './token.js';

const KEEP_ALIVE_MS = 10_000;
const LONGEST_RETRY_WAIT_MS = 5_000;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

/** Jitter keeps open dashboards from reconnecting all at the same moment after a server restart. */
function retryWait(retries: number): Promise<void> {
  const longest = Math.min(LONGEST_RETRY_WAIT_MS, 250 * 2 ** retries);
  return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
}

/** The dashboard's only WebSocket. */
export const socket = createSocketClient({
  // http becomes ws, and https wss.
  url: addressOf('/graphql').replace(/^http/, 'ws'),
  // Open for as long as the page is, so that the live mark is correct even on pages without a subscription.
  lazy: false,
  keepAlive: KEEP_ALIVE_MS,
  connectionParams: () => {
    const header = authorization();
    return header ? { authorization: header } : {};
  },
  retryAttempts: Number.POSITIVE_INFINITY,
  retryWait,
  shouldRetry: () => true,
  onNonLazyError: () => setConnectionState('stopped'),
  on: {
    connected: () => setConnectionState('live'),
    closed: (event) => {
      const code = (event as CloseEvent).code;
      setConnectionState(code === UNAUTHORIZED || code === FORBIDDEN ? 'refused' : 'reconnecting');
    },
  },
});

/** The dashboard's only client: queries and mutations over HTTP, subscriptions over graphql-ws. */
export const client = new Client({
  url: addressOf('/graphql'),
  preferGetMethod: false,
  requestPolicy: 'cache-and-network',
  fetchOptions: () => {
    const header = authorization();
    return header ? { headers: { authorization: header } } : {};
  },
  exchanges: [
    mapExchange({
      onError: (error) => {
        if (needsToken(error)) setConnectionState('refused');
      },
    }),
    cacheExchange,
    ...persistedExchanges,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (observer) => {
          const { subscription, sink } = continuing({ ...request, query: request.query ?? '' }, observer);
          return { unsubscribe: socket.subscribe(subscription, sink) };
        },
      }),
    }),
  ],
});
