import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { AuthService } from '../auth/auth.service.js';
import type { Principal } from '../auth/principal.js';
import { type Container, Loaders } from '../context.js';
import type { Admission, OperationRequest } from '../graphql/admission.js';
import { Budget } from '../graphql/budget.js';
import { refusal } from '../graphql/errors.js';
import { jsonProblem, MAX_VALUES, MAX_VALUES_OF_REPORT } from '../graphql/json-limits.js';
import type { Mask } from '../graphql/masking.js';
import { persistedHash } from '../graphql/persisted-documents.js';
import { answerErrors } from './answers.js';
import type { HttpContext } from './apollo.js';

const MAX_BODY_BYTES = 1024 * 1024;
/** Far more than any report of our agent needs. */
const MAX_REPORT_BYTES = 8 * 1024 * 1024;

export interface GraphqlParts {
  apollo: ApolloServer<HttpContext>;
  admit: Admission;
  auth: AuthService;
  container: Container;
  mask: Mask;
}

/** What the steps of a request leave for the next one. */
interface Locals {
  principal: Principal;
  admitted: string;
}

type Handler = RequestHandler<object, unknown, unknown, unknown, Locals & Record<string, unknown>>;

/**
 * Serves /graphql. The token is checked before the body is read, so that whoever has none costs little; the operation is
 * admitted before Apollo sees it.
 */
export function graphqlRouter(parts: GraphqlParts): Router {
  const { apollo, auth, container } = parts;
  const router = Router();
  const json = (limit: number, maxValues: number) =>
    express.json({
      limit,
      strict: false,
      verify: (_request, _response, body, charset) => checkJson(body, charset, maxValues),
    });
  const [small, large] = [json(MAX_BODY_BYTES, MAX_VALUES), json(MAX_REPORT_BYTES, MAX_VALUES_OF_REPORT)];
  const authenticate: Handler = async ({ headers, ip }, { locals }, next) => {
    locals.principal = await auth.authenticate(headers.authorization, ip ?? null);
    next();
  };
  const readBody: Handler = (request, response, next) => {
    if (request.method === 'GET') {
      // The operation is in the address. Apollo insists on a body.
      request.body = {};
      return next();
    }
    const isRunner = response.locals.principal.kind === 'runner';
    const limit = isRunner ? MAX_REPORT_BYTES : MAX_BODY_BYTES;
    // Without this, the answer would wait for the rest of the body.
    if (Number(request.headers['content-length'] ?? 0) > limit) {
      return next(refusal('BODY_TOO_LARGE', { bytes: limit }));
    }
    (isRunner ? large : small)(request as Request, response as Response, next);
  };
  router.use(
    '/graphql',
    (_request, { locals }, next) => {
      locals.isGraphql = true;
      next();
    },
    explain,
    checkMethod,
    authenticate as RequestHandler,
    readBody as RequestHandler,
    admission(parts),
  );
  router.use(
    '/graphql',
    expressMiddleware(apollo, {
      context: async ({ req, res }) => {
        const { principal, admitted } = res.locals as Locals;
        const own = { loaders: new Loaders(true), budget: new Budget() };
        return { principal, admitted, address: req.ip ?? null, ...own, container };
      },
    }),
  );
  return router;
}

const checkMethod: RequestHandler = ({ method }, _response, next) => {
  if (method === 'GET' || method === 'POST') return next();
  throw refusal('METHOD_NOT_SUPPORTED', { method });
};

function checkJson(body: Buffer, charset: string, maxValues: number): void {
  if (charset !== 'utf-8') throw refusal('NOT_UTF8', { charset });
  checkSize('request body', body, maxValues);
}

const EXPLANATION = `This is the GraphQL API of Crosscheck. Send it a query, for example:

  curl -s ADDRESS -H 'content-type: application/json' -d '{"query": "{ server { version } }"}'

ADDRESS is the address of this page. Add -H 'authorization: Bearer TOKEN' if the server requires tokens. The README has more
("A first query"), and schema/schema.graphql has the whole API. Subscriptions use a WebSocket at the same address
(graphql-transport-ws).
`;

/** A browser that opens the address gets a text, not a page that loads scripts next to the dashboard's token. */
const explain: RequestHandler = (request, response, next) => {
  const opened =
    request.method === 'GET' && !('query' in request.query) && request.accepts(['json', 'html']) === 'html';
  if (!opened) return next();
  response.type('text/plain').send(EXPLANATION);
};

function admission({ admit, mask }: GraphqlParts): RequestHandler {
  return (request, response, next) => {
    const { principal } = response.locals as Locals;
    const admitted = admit(operationOf(request), { isKnown: principal.kind !== 'anonymous' });
    if (Array.isArray(admitted)) return answerErrors(response, admitted, mask);
    if (admitted.operation.operation === 'subscription') throw refusal('SUBSCRIPTION_OVER_HTTP');
    response.set('Cache-Control', 'no-store').locals.admitted = admitted.query;
    // Apollo gets the text that the hash stands for, and nothing about hashes.
    if (persistedHash(request.body.extensions) !== null) {
      const { persistedQuery: _, ...extensions } = request.body.extensions;
      request.body = { ...request.body, query: admitted.query, extensions };
    }
    next();
  };
}

/** The operation that Apollo will read from the same request. @throws BAD_REQUEST */
function operationOf({ method, originalUrl, body, headers }: Request): OperationRequest {
  if (method === 'GET') return operationInUrl(originalUrl);
  if (Array.isArray(body)) throw refusal('BATCH');
  if (typeof body === 'object' && body !== null) return body as OperationRequest;
  throw refusal('NOT_AN_OBJECT', { contentType: headers['content-type'] ?? null });
}

function operationInUrl(url: string): OperationRequest {
  const parameters = new URL(url, 'http://localhost').searchParams;
  const variables = parameters.get('variables');
  return {
    query: parameters.get('query') ?? undefined,
    operationName: parameters.get('operationName') ?? undefined,
    variables: variables === null ? undefined : parsedVariables(variables),
  };
}

/** @throws PAYLOAD_TOO_LARGE if the JSON is too expensive to parse */
function checkSize(part: string, json: Uint8Array, maxValues?: number): void {
  const problem = jsonProblem(json, maxValues);
  if (problem) throw refusal(problem.reason, { part, most: problem.most });
}

function parsedVariables(text: string): unknown {
  const part = 'parameter "variables"';
  checkSize(part, Buffer.from(text));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal('NOT_JSON', { part, error: (error as Error).message });
  }
}
