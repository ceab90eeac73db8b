import type { GraphQLSchema } from 'graphql';

/** Describes the root types, for which type-graphql has no decorator. */
export function describeRootTypes(schema: GraphQLSchema): GraphQLSchema {
  schema.getQueryType()!.description =
    'Everything that can be read. If the server requires authentication, every field except `server` needs a user ' +
    'token, and the role VIEWER unless its description says otherwise. A runner token only reads its own runner.';
  schema.getMutationType()!.description =
    'Everything that can be changed. Unless its description says otherwise, a field needs a user token of the role ' +
    'MEMBER if the server requires authentication, and rejects runner tokens.';
  schema.getSubscriptionType()!.description =
    'Everything that can be followed over a WebSocket (`graphql-transport-ws`). If the server requires authentication, ' +
    'every field needs a user token of the role VIEWER; `runQueued` accepts a runner token too.';
  return schema;
}
