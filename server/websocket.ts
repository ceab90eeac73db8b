import type { IncomingMessage, Server } from 'node:http';
import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AuthService } from './auth/auth.service.js';
import { networkOf } from './auth/failure-limit.js';
import { type RequestCheck, sameOrigin } from './auth/local-hosts.js';
import type { SocketRegistry } from './auth/socket-registry.js';
import { type Container, type Context, Loaders } from './context.js';
import { DATABASE_AWAY, isDatabaseAway } from './database/unreachable.js';
import type { Env } from './env.js';
import type { Admission } from './graphql/admission.js';
import { Budget } from './graphql/budget.js';
import { refusal } from './graphql/errors.js';
import type { Mask } from './graphql/masking.js';
import { clientAddress, type Trust } from './http/client-address.js';
import { busy, callerKey } from './http/concurrency.js';
import { Tally } from './http/tally.js';
import { resultText, SharedSubscriptions, type SubscriptionArgs } from './live/sharing/shared-subscriptions.js';
import { CheckedSocket } from './websocket/checked-socket.js';
import { Delivery, TRY_AGAIN_LATER } from './websocket/delivery.js';

export interface WebSocketParts {
  schema: GraphQLSchema;
  admit: Admission;
  auth: AuthService;
  sockets: SocketRegistry;
  container: Container;
  /** The requests in progress of each token or address, over both transports. */
  requests: Tally;
  checkHost: RequestCheck;
  trust: Trust;
  mask: Mask;
  env: Pick<Env, 'authRequired' | 'socketsPerAddress' | 'subscriptionsPerSocket'>;
}

/** A subscription has a few hundred bytes. Reports and configurations can be sent over HTTP. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** A socket that has not sent `connection_init` by then is closed with 4408. */
const INIT_WAIT_MS = 5_000;
/** Each socket is pinged this often, and closed if it has not answered the ping before the next one. */
const PING_MS = 12_000;
/** In this time, a subscription may read as much as an operation. */
const BUDGET_REFILL_MS = 1_000;

/** "Forbidden" of the graphql-transport-ws protocol: closes the socket with 4403. Clients try again with another token. */
const REFUSED = false;
const FORBIDDEN = 4403;

type Socket = SocketContext<{ authorization?: unknown }, { socket: WebSocket; request: IncomingMessage }>;

/** What is executed, who it is counted for, and where a subscription sends its results. */
interface CountedArgs extends SubscriptionArgs {
  caller: string | null;
  socket: WebSocket;
  id: string;
}

/**
 * Serves subscriptions on the same server and path. Operations are admitted, executed and answered by the same rules as over
 * HTTP. Where tokens are required, a socket without a valid one is closed at once.
 */
export function attachWebSocket(server: Server, parts: WebSocketParts): { dispose(): void | Promise<void> } {
  const { env, mask, sockets: registry, trust } = parts;
  const subscriptions = new SharedSubscriptions(mask);
  const deliver = async (
    results: AsyncIterableIterator<string> | ExecutionResult,
    { socket, id }: CountedArgs,
  ): Promise<Delivery> => {
    if (Symbol.asyncIterator in results) return new Delivery(results, socket, id);
    return new Delivery(once(await resultText(results, mask)), socket, id);
  };
  const options = {
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: async ({ connectionParams, extra }: Socket) => {
      try {
        const address = clientAddress(extra.request, trust);
        const { principal } = await registry.admit(extra.socket, authorizationOf(connectionParams), address);
        return principal.kind === 'anonymous' ? REFUSED : true;
      } catch (error) {
        if (isDatabaseAway(error)) extra.socket.close(TRY_AGAIN_LATER, DATABASE_AWAY);
        else if (!(error instanceof GraphQLError)) throw error;
        return REFUSED;
      }
    },
    onSubscribe: (socket: Socket, id: string, payload: SubscribePayload) => argumentsOf(parts, socket, id, payload),
    execute: async (args: CountedArgs) => deliver(await executeCounted(parts.requests, args), args),
    subscribe: async (args: CountedArgs) => deliver(await subscriptions.subscribe(args), args),
    onError: (_socket: Socket, _id: string, _payload: SubscribePayload, errors: readonly GraphQLError[]) =>
      errors.map(mask),
  };
  const sockets = limitedSockets(server, parts, new Tally(env.socketsPerAddress));
  // biome-ignore lint/correctness/useHookAtTopLevel: this is not a React hook
  return useServer(options as unknown as Parameters<typeof useServer>[0], sockets, PING_MS);
}

/** The sockets of the server, each checked before it is opened, and at most as many of an address as the tally allows. */
function limitedSockets(server: Server, { checkHost, trust }: WebSocketParts, perAddress: Tally): WebSocketServer {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: MAX_MESSAGE_BYTES,
    WebSocket: CheckedSocket,
    verifyClient: (
      { req }: { req: IncomingMessage },
      answer: (passes: boolean, status?: number, why?: string) => void,
    ) => {
      const refused = checkHost(req) ?? sameOrigin(req);
      if (refused !== null) answer(false, 403, refused.message);
      else if (!perAddress.isFull(networkOf(clientAddress(req, trust)))) answer(true);
      else answer(false, 429, `this address has ${perAddress.limit} sockets open; close one first`);
    },
  });
  sockets.on('connection', (socket, request) => {
    const release = perAddress.take(networkOf(clientAddress(request, trust)));
    if (release) socket.once('close', release);
  });
  return sockets;
}

/** What to execute for a message, or why it is not executed. */
async function argumentsOf(
  { schema, admit, auth, container, trust, env }: WebSocketParts,
  { connectionParams, extra, subscriptions }: Socket,
  id: string,
  payload: SubscribePayload,
): Promise<CountedArgs | readonly GraphQLError[]> {
  if (Object.keys(subscriptions).length > env.subscriptionsPerSocket) {
    return [refusal('TOO_MANY_OPERATIONS', { most: env.subscriptionsPerSocket })];
  }
  const authorization = authorizationOf(connectionParams);
  const address = clientAddress(extra.request, trust);
  let principal: Context['principal'];
  try {
    // For each operation: the role may have changed since the socket was opened.
    principal = await auth.authenticate(authorization, address);
  } catch (error) {
    if (isDatabaseAway(error)) return [refusal('DATABASE_UNAVAILABLE')];
    if (!(error instanceof GraphQLError)) throw error;
    extra.socket.close(FORBIDDEN, 'Forbidden');
    return [error];
  }
  const admitted = admit(payload, { isKnown: principal.kind !== 'anonymous' });
  if (Array.isArray(admitted)) return admitted;
  const isSubscription = admitted.operation.operation === 'subscription';
  const budget = isSubscription ? new Budget(BUDGET_REFILL_MS) : new Budget();
  const contextValue: Context = { principal, address, loaders: new Loaders(false), budget, container };
  return {
    schema,
    query: admitted.query,
    document: admitted.document,
    operationName: payload.operationName,
    variableValues: admitted.variables,
    contextValue,
    caller: callerKey(auth, authorization, address, env.authRequired),
    socket: extra.socket,
    id,
  };
}

async function* once(text: string): AsyncGenerator<string, undefined> {
  yield text;
}

/** Executes a query or a mutation, which counts as a request in progress. */
async function executeCounted(requests: Tally, { caller, ...args }: CountedArgs): Promise<ExecutionResult> {
  if (caller === null) return execute(args);
  const release = requests.take(caller);
  if (!release) return { errors: [busy(requests)] };
  try {
    return await execute(args);
  } finally {
    release();
  }
}

function authorizationOf(params: { authorization?: unknown } | undefined): string | undefined {
  const value = params?.authorization;
  return typeof value === 'string' && value ? value : undefined;
}
