import { createClient as createSocketClient } from 'graphql-ws';
import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import { addressOf } from './base.js';
import { setConnectionState, setHeard, setSilent } from './connection.js';
import { continuing } from './continue.js';
import { needsToken } from './errors.js';
import { ASK_EVERY_MS, Watch } from './heartbeat.js';
import { persistedExchanges } from './persisted.js';
import { storeExchange } from './store.js';
import { authorization } from './token.js';

const LONGEST_RETRY_WAIT_MS = 5_000;
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

/**
 * Jitter keeps open dashboards from reconnecting all at the same moment after a server restart. A computer that is back in a network
 * tries at once.
 */
function retryWait(retries: number): Promise<void> {
  const longest = Math.min(LONGEST_RETRY_WAIT_MS, 250 * 2 ** retries);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, longest * (0.5 + Math.random() / 2));
    addEventListener('online', end);
  });
}

const watch = new Watch({ onSilent: setSilent, onHeard: setHeard, onGone: () => socket.terminate() });
addEventListener('offline', setSilent);

/** The dashboard's only WebSocket. */
export const socket = createSocketClient({
  // http becomes ws, and https wss.
  url: addressOf('/graphql').replace(/^http/, 'ws'),
  // Open for as long as the page is, so that the live mark is correct even on pages without a subscription.
  lazy: false,
  keepAlive: ASK_EVERY_MS,
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
    ping: (received) => {
      if (!received) watch.asked();
    },
    pong: (received) => {
      if (received) watch.heard();
    },
    closed: (event) => {
      watch.stop();
      const code = (event as CloseEvent).code;
      setConnectionState(code === UNAUTHORIZED || code === FORBIDDEN ? 'refused' : 'reconnecting');
    },
  },
});

/** The dashboard's only client: queries and mutations over HTTP, subscriptions over graphql-ws. */
export const client = new Client({
  url: addressOf('/graphql'),
  preferGetMethod: false,
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
    storeExchange,
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
