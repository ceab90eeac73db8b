import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import type { AuthService } from './auth.service.js';

/** `anybody`: any valid token (none where the server needs none); `everyone`: even without one. */
type Access = 'everyone' | 'anybody' | 'user' | 'runner';

const DEFAULTS = { Query: 'anybody', Mutation: 'user', Subscription: 'anybody' } as const;

/** Who may call what, as far as it differs from the defaults. A new field is closed until it is listed. */
const EXCEPTIONS: Record<string, Access> = {
  server: 'everyone',
  // Guarded by the registration token among its arguments.
  registerRunner: 'everyone',
  startRunner: 'runner',
  claimRun: 'runner',
  heartbeat: 'runner',
  reportAttempt: 'runner',
  finishAttempt: 'runner',
};

/** Puts the check before every root field, so that HTTP and WebSocket cannot differ. */
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
