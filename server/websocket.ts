import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { AuthService } from './auth/auth.service.js';
import { type RequestCheck, sameOrigin } from './auth/local-hosts.js';
import type { SocketRegistry } from './auth/socket-registry.js';
import { type Container, type Context, Loaders } from './context.js';
import { DATABASE_AWAY, isDatabaseAway } from './database/unreachable.js';
import { limitsRule, MAX_WS_PAYLOAD_BYTES } from './graphql/limits.js';

export interface WebSocketParts {
  schema: GraphQLSchema;
  auth: AuthService;
  sockets: SocketRegistry;
  container: Container;
  checkHost: RequestCheck;
  mask(error: unknown): GraphQLFormattedError;
}

/** "Forbidden" of the graphql-transport-ws protocol: closes the socket with 4403. */
const REFUSED = false;
/** "Try again later" in the WebSocket protocol. After an internal error (4500), clients do not reconnect. */
const TRY_AGAIN_LATER = 1013;

/**
 * Serves subscriptions on the same server and path. Apollo does not validate, mask or authenticate here, so this does it
 * with the same functions.
 */
export function attachWebSocket(
  server: Server,
  { schema, auth, sockets: registry, container, checkHost, mask }: WebSocketParts,
): { dispose(): void | Promise<void> } {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_WS_PAYLOAD_BYTES,
    verifyClient: (
      { req }: { req: IncomingMessage },
      answer: (passes: boolean, status?: number, why?: string) => void,
    ) => {
      const refusal = checkHost(req) ?? sameOrigin(req);
      if (refusal === null) answer(true);
      else answer(false, 403, refusal);
    },
  });
  // biome-ignore lint/correctness/useHookAtTopLevel: this is not a React hook
  return useServer<{ authorization?: unknown }>(
    {
      schema,
      validate: (validated, document, rules = specifiedRules) => validate(validated, document, [...rules, limitsRule]),
      onConnect: async ({ connectionParams, extra }) => {
        try {
          await registry.admit(extra.socket, authorizationOf(connectionParams), addressOf(extra));
          return true;
        } catch (error) {
          if (isDatabaseAway(error)) extra.socket.close(TRY_AGAIN_LATER, DATABASE_AWAY);
          else if (!(error instanceof GraphQLError)) throw error;
          return REFUSED;
        }
      },
      // Authenticate each operation: the role may have changed since the socket was opened.
      context: async ({ connectionParams, extra }): Promise<Context> => ({
        principal: await auth.authenticate(authorizationOf(connectionParams), addressOf(extra)),
        address: addressOf(extra),
        loaders: new Loaders(false),
        container,
      }),
      onError: (_context, _id, _payload, errors) => errors.map(mask),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: result.errors.map(mask) } : undefined,
    } as Parameters<typeof useServer<{ authorization?: unknown }>>[0],
    sockets,
  );
}

function addressOf({ request }: { request: IncomingMessage }): string | null {
  return request.socket.remoteAddress ?? null;
}

function authorizationOf(params: { authorization?: unknown } | undefined): string | undefined {
  const value = params?.authorization;
  return typeof value === 'string' && value ? value : undefined;
}
