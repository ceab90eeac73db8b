import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { ServerFault } from '../runner/agent/errors.js';
import { backoffMs } from '../runner/agent/retry.js';
import type { ServerClient } from '../runner/agent/server-client.js';

/** The token is not accepted, or no longer. */
const FORBIDDEN = 4403;
/** Closed by this side, because nothing is subscribed to any more. */
const NORMAL = 1000;
const HANDSHAKE_MS = 20_000;

/**
 * What a subscription sends, until the server ends it or the caller stops reading. A lost connection is made again and again, and the
 * subscription is sent again: only for those that begin with the state as it is.
 * @param onLost called once when the connection is lost or cannot be made, with the reason, until it is back
 * @throws ServerFault if the server refuses the connection or the subscription
 */
export async function* follow<Data, Variables extends Record<string, unknown>>(
  client: ServerClient,
  document: DocumentTypeDecoration<Data, Variables>,
  variables: Variables,
  onLost: (reason: string) => void,
): AsyncGenerator<Data> {
  let isLost = false;
  const lost = (reason: string): void => {
    if (!isLost) onLost(reason);
    isLost = true;
  };
  const socket = createClient({
    url: () => client.address.href.replace(/^http/, 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols?: string | string[]) {
        const { agent } = client.route;
        super(address, protocols, { agent, handshakeTimeout: HANDSHAKE_MS, followRedirects: false });
      }
    },
    ...(client.token && { connectionParams: { authorization: `Bearer ${client.token}` } }),
    shouldRetry: (event) => codeOf(event) !== FORBIDDEN,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, backoffMs(retries + 1))),
    on: {
      connected: () => {
        isLost = false;
      },
      error: (error) => lost(wordsOf(error)),
      closed: (event) => {
        if (codeOf(event) !== NORMAL) lost(wordsOf(event));
      },
    },
  });
  try {
    const results = socket.iterate<Data>({ query: document.toString(), variables });
    for await (const { data, errors } of results) {
      if (errors?.[0]) throw new ServerFault('refused', String(errors[0].extensions?.code), errors[0].message);
      if (data) yield data;
    }
  } catch (error) {
    throw faultOf(error);
  } finally {
    await socket.dispose();
  }
}

function codeOf(event: unknown): number | null {
  return typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : null;
}

function wordsOf(event: unknown): string {
  const { message, reason } = event as { message?: string; reason?: string };
  return message || reason || `the connection was closed${codeOf(event) === null ? '' : ` (${codeOf(event)})`}`;
}

/** graphql-ws throws a close event, or the errors of a message. */
function faultOf(error: unknown): unknown {
  if (error instanceof ServerFault) return error;
  if (Array.isArray(error)) {
    const { message, extensions } = error[0] as { message: string; extensions?: { code?: string } };
    return new ServerFault('refused', extensions?.code ?? 'UNKNOWN', message);
  }
  const code = codeOf(error);
  if (code === null) return error;
  return new ServerFault('refused', code === FORBIDDEN ? 'UNAUTHENTICATED' : String(code), wordsOf(error));
}
