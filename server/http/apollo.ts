import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import type { Mask } from '../graphql/masking.js';
import { stringifyInTurns } from '../graphql/stringify.js';
import { MAX_TOKENS } from '../graphql/text-limits.js';
import { statusFor } from './statuses.js';

/** The context of an operation over HTTP, with the text that was admitted. */
export interface HttpContext extends Context {
  admitted: string;
}

/** Creates what executes operations over HTTP. Only graphql.router.ts passes it requests, after it has admitted them. */
export function createApollo(schema: GraphQLSchema, mask: Mask): ApolloServer<HttpContext> {
  return new ApolloServer<HttpContext>({
    schema,
    plugins: [
      onlyAdmitted,
      statuses,
      ApolloServerPluginLandingPageDisabled(),
      // It would observe every field of every answer to find out what our router says anyway: nothing may be cached.
      ApolloServerPluginCacheControlDisabled(),
    ],
    formatError: (_formatted, error) => mask(error),
    // The line end is for people who read answers at a terminal.
    stringifyResult: async (result) => `${await stringifyInTurns(result)}\n`,
    includeStacktraceInErrorResponses: false,
    // The admission decides who may read the schema.
    introspection: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    // The admission has validated the document, with the same errors as over WebSocket.
    dangerouslyDisableValidation: true,
    // By default Apollo keeps up to 30 MB of documents. Parsing one of these limits again costs less than a millisecond.
    documentStore: null,
    // An operation is what the request says, and not a text that another request has stored.
    persistedQueries: false,
    // serve.ts handles signals.
    stopOnTerminationSignals: false,
  });
}

/** Makes sure that Apollo executes exactly the text that was admitted. */
const onlyAdmitted: ApolloServerPlugin<HttpContext> = {
  requestDidStart: async () => ({
    async didResolveSource({ source, contextValue }) {
      if (source !== contextValue.admitted) throw new Error('Apollo resolved another document than the admitted one');
    },
  }),
};

/** Apollo sends 200 for errors within an operation. 503 tells proxies and scripts that they can retry. */
const statuses: ApolloServerPlugin<HttpContext> = {
  requestDidStart: async () => ({
    async willSendResponse({ request, response: { body, http } }) {
      const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
      const codes = errors?.map(({ extensions }) => extensions?.code) ?? [];
      if (codes.some((code) => RETRYABLE.has(String(code)))) http.status = 503;
      else http.status = statusFor(http.status ?? 200, codes[0], request.http?.headers.get('accept'));
    },
  }),
};

const RETRYABLE = new Set(['SERVICE_UNAVAILABLE', 'TIMEOUT']);
