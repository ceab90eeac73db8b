import type { GraphQLSchema } from 'graphql';

/** Describes the root types, for which type-graphql has no decorator. */
export function describeRootTypes(schema: GraphQLSchema): GraphQLSchema {
  schema.getQueryType()!.description =
    'Everything that can be read. If the server requires authentication, every field except `server` needs a ' +
    'user token or a runner token.';
  schema.getMutationType()!.description =
    'Everything that can be changed. Unless its description says otherwise, a field needs a user token if the server ' +
    'requires authentication, and rejects runner tokens.';
  schema.getSubscriptionType()!.description =
    'Everything that can be followed over a WebSocket (`graphql-transport-ws`). If the server requires authentication, ' +
    'every field needs a user token or a runner token.';
  return schema;
}
