import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import type { AuthService } from './auth.service.js';

/** `anybody`: any valid token, or none if the server does not require tokens. `everyone`: no token needed. */
type Access = 'everyone' | 'anybody' | 'user' | 'runner';

const DEFAULTS = { Query: 'anybody', Mutation: 'user', Subscription: 'anybody' } as const;

/** Root fields whose access differs from the defaults. Only fields listed here can be called without a token. */
const EXCEPTIONS: Record<string, Access> = {
  server: 'everyone',
  // Protected by the registration token in its arguments.
  registerRunner: 'everyone',
  startRunner: 'runner',
  claimRun: 'runner',
  heartbeat: 'runner',
  reportAttempt: 'runner',
  finishAttempt: 'runner',
};

/** Checks access before every root field is resolved, so that HTTP and WebSocket follow the same rules. */
export function guard(schema: GraphQLSchema, auth: AuthService): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const root of roots) if (root) guardFields(root, auth);
  return schema;
}

function guardFields(root: GraphQLObjectType<unknown, Context>, auth: AuthService): void {
  for (const field of Object.values(root.getFields())) {
    const access = EXCEPTIONS[field.name] ?? DEFAULTS[root.name as keyof typeof DEFAULTS];
    const checked =
      (resolver: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> =>
      (source, args, context, info) => {
        check(auth, access, context, field.name);
        return resolver(source, args, context, info);
      };
    if (field.subscribe) field.subscribe = checked(field.subscribe);
    else if (field.resolve) field.resolve = checked(field.resolve);
  }
}

function check(auth: AuthService, access: Access, { principal }: Context, what: string): void {
  if (access === 'anybody') auth.requireAnybody(principal, what);
  if (access === 'user') auth.requireUser(principal, what);
  if (access === 'runner') auth.requireRunner(principal, what);
}
