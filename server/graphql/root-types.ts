import type { GraphQLSchema } from 'graphql';

/** Describes the root types, for which type-graphql has no decorator. */
export function describeRootTypes(schema: GraphQLSchema): GraphQLSchema {
  schema.getQueryType()!.description =
    'What can be read. If the server requires authentication, every field except `server` needs a user token or a ' +
    'runner token.';
  schema.getMutationType()!.description =
    'What can be changed. Unless a field says otherwise, it needs a user token if the server requires authentication, ' +
    'and rejects a runner token.';
  schema.getSubscriptionType()!.description =
    'What can be followed over a WebSocket (`graphql-transport-ws`). If the server requires authentication, every field ' +
    'needs a user token or a runner token.';
  return schema;
}
