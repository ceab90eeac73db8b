import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { includesRole, Role } from '../accounts/account.entity.js';
import type { AuditService } from '../audit/audit.service.js';
import { takeChanges } from '../audit/changes.js';
import { outcomeOf } from '../audit/recorded.js';
import type { Context } from '../context.js';
import { refusal } from '../graphql/errors.js';
import type { AuthService } from './auth.service.js';
import type { Principal } from './principal.js';

/** EVERYONE needs no token. A role includes the roles above it. OWN_RUNNER is a runner whose id is the argument `id`. */
type Caller = 'EVERYONE' | 'RUNNER' | 'OWN_RUNNER' | Role;
type Resolver = GraphQLFieldResolver<unknown, Context>;

const { VIEWER, MEMBER, ADMIN } = Role;

/** Who may call each root field. A field that is not listed is open only to ADMIN. access.spec.ts has the same as a test. */
const ACCESS: Readonly<Record<string, readonly Caller[]>> = {
  'Query.server': ['EVERYONE'],
  'Query.me': [VIEWER],
  // For a token of another account, null unless the caller is an ADMIN: see tokens.service.ts.
  'Query.node': [VIEWER],
  'Query.nodes': [VIEWER],
  'Query.accounts': [VIEWER],
  'Query.tokens': [VIEWER],
  'Query.auditLog': [ADMIN],
  'Query.runs': [VIEWER],
  'Query.runGroups': [VIEWER],
  'Query.run': [VIEWER],
  'Query.runConfigSchema': [VIEWER],
  'Query.compareClassIous': [VIEWER],
  'Query.compareConfigs': [VIEWER],
  'Query.compareSamples': [VIEWER],
  'Query.classHistories': [VIEWER],
  'Query.classChanges': [VIEWER],
  'Query.histories': [VIEWER],
  'Query.savedFilters': [VIEWER],
  'Query.runsPivot': [VIEWER],
  'Query.studies': [VIEWER],
  'Query.study': [VIEWER],
  'Query.planStudy': [VIEWER],
  'Query.datasets': [VIEWER],
  'Query.dataset': [VIEWER],
  'Query.runners': [VIEWER],
  'Query.runner': [VIEWER, 'OWN_RUNNER'],

  'Mutation.createRun': [MEMBER],
  'Mutation.cancelRun': [MEMBER],
  'Mutation.retryRun': [MEMBER],
  'Mutation.deleteRun': [MEMBER],
  'Mutation.updateRun': [MEMBER],
  'Mutation.updateRuns': [MEMBER],
  'Mutation.cancelRuns': [MEMBER],
  'Mutation.retryRuns': [MEMBER],
  'Mutation.deleteRuns': [MEMBER],
  'Mutation.createSavedFilter': [MEMBER],
  'Mutation.updateSavedFilter': [MEMBER],
  'Mutation.deleteSavedFilter': [MEMBER],
  'Mutation.createStudy': [MEMBER],
  'Mutation.updateStudy': [MEMBER],
  'Mutation.extendStudy': [MEMBER],
  'Mutation.queueMissingRuns': [MEMBER],
  'Mutation.deleteStudy': [MEMBER],
  // For other accounts, these need ADMIN: see tokens.service.ts.
  'Mutation.createToken': [MEMBER],
  'Mutation.createUserToken': [MEMBER],
  'Mutation.rotateToken': [MEMBER],
  'Mutation.revokeToken': [MEMBER],
  'Mutation.createRegistrationToken': [ADMIN],
  'Mutation.createAccount': [ADMIN],
  'Mutation.updateAccount': [ADMIN],
  'Mutation.drainRunner': [ADMIN],
  'Mutation.undrainRunner': [ADMIN],
  'Mutation.pauseRunner': [ADMIN],
  'Mutation.resumeRunner': [ADMIN],
  'Mutation.renameRunner': [ADMIN],
  'Mutation.rotateRunnerToken': [ADMIN],
  'Mutation.removeRunner': [ADMIN],
  'Mutation.setRunnerSlotLimit': [ADMIN],
  'Mutation.transferDataset': [ADMIN],
  // Protected by the registration token in its arguments.
  'Mutation.registerRunner': ['EVERYONE'],
  'Mutation.startRunner': ['RUNNER'],
  'Mutation.releaseRunner': ['RUNNER'],
  'Mutation.claimRun': ['RUNNER'],
  'Mutation.heartbeat': ['RUNNER'],
  'Mutation.reportAttempt': ['RUNNER'],
  'Mutation.finishAttempt': ['RUNNER'],

  'Subscription.runChanged': [VIEWER],
  'Subscription.runsChanged': [VIEWER],
  'Subscription.runDeleted': [VIEWER],
  'Subscription.runMetrics': [VIEWER],
  'Subscription.runPoints': [VIEWER],
  'Subscription.runEvaluations': [VIEWER],
  'Subscription.runSamples': [VIEWER],
  'Subscription.runAlarms': [VIEWER],
  'Subscription.runLog': [VIEWER],
  'Subscription.alarmsRaised': [VIEWER],
  'Subscription.studyChanged': [VIEWER],
  'Subscription.alarmRaised': [VIEWER],
  'Subscription.runnersChanged': [VIEWER],
  'Subscription.runQueued': [VIEWER, 'RUNNER'],
};

/**
 * The objects that a runner, and whoever registers one, may read below a root field. From a run, they would otherwise get to
 * its study and from there to every other run.
 */
const FOR_RUNNERS: ReadonlySet<string> = new Set([
  'RegisteredRunner.runner',
  'RunnerSettings.runner',
  'ClaimedRun.run',
  'ClaimedRun.resumeFrom',
  'Runner.activeAttempts',
  'ActiveAttempt.attempt',
  'ActiveAttempt.run',
]);

export interface GuardParts {
  auth: AuthService;
  audit: AuditService;
}

/** Checks access before a field is resolved, so that HTTP and WebSocket follow the same rules, and audits mutations. */
export function guard(schema: GraphQLSchema, parts: GuardParts): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      if (!roots.includes(type)) {
        if (!isCompositeType(getNamedType(field.type)) || FOR_RUNNERS.has(place)) continue;
        field.resolve = checked(field.resolve ?? defaultFieldResolver, (principal) => checkObject(principal, place));
        continue;
      }
      const callers = ACCESS[place] ?? [ADMIN];
      const check = (principal: Principal, args: Record<string, unknown>) =>
        checkRoot(principal, callers, field.name, args);
      if (field.subscribe) field.subscribe = checked(field.subscribe, check);
      else if (field.resolve) field.resolve = checked(field.resolve, check);
      if (type === schema.getMutationType()) field.resolve = audited(field.resolve!, field.name, parts);
    }
  }
  return schema;
}

function checked(resolver: Resolver, check: (principal: Principal, args: Record<string, unknown>) => void): Resolver {
  return (source, args, context, info) => {
    check(context.principal, args);
    return resolver(source, args, context, info);
  };
}

/** @throws FORBIDDEN for a runner, UNAUTHENTICATED for the holder of a registration token */
function checkObject(principal: Principal, place: string): void {
  if (principal.kind === 'account') return;
  if (principal.kind === 'runner') throw refusal('NEEDS_USER_TOKEN', { what: place });
  throw refusal('USER_TOKEN_MISSING', { what: place });
}

/** @throws UNAUTHENTICATED or FORBIDDEN, naming the kind of token or the role that is needed */
function checkRoot(
  principal: Principal,
  callers: readonly Caller[],
  what: string,
  args: Record<string, unknown>,
): void {
  if (callers.includes('EVERYONE')) return;
  const role = callers.find((caller): caller is Role => caller in Role);
  // On a server that requires no tokens, the account `local` sends none.
  const isLocal = principal.kind === 'account' && principal.tokenId === null;
  if (principal.kind === 'anonymous' || (isLocal && !role)) {
    throw refusal(role ? 'USER_TOKEN_MISSING' : 'RUNNER_TOKEN_MISSING', { what });
  }
  if (principal.kind === 'runner') {
    if (callers.includes('RUNNER')) return;
    if (!callers.includes('OWN_RUNNER')) throw refusal('NEEDS_USER_TOKEN', { what });
    // The arguments as the client wrote them: they are checked, and their ids put into lower case, after this.
    if (String(args.id).toLowerCase() === principal.runnerId) return;
    throw refusal('OTHER_RUNNER', { what });
  }
  if (!role) throw refusal('NEEDS_RUNNER_TOKEN', { what });
  if (includesRole(principal.role, role)) return;
  throw refusal('NEEDS_ROLE', { what, needed: role, account: principal.name, role: principal.role });
}

/** Records every mutation of a person, and every registration, even if it is refused. */
function audited(resolver: Resolver, operation: string, { auth, audit }: GuardParts): Resolver {
  return async (source, args, context, info) => {
    const { principal, address } = context;
    const registers = operation === 'registerRunner';
    if (principal.kind !== 'account' && !registers) return resolver(source, args, context, info);
    const account = principal.kind === 'account' ? principal : null;
    const record = async (outcome: string, result: unknown): Promise<void> => {
      // Nothing was looked up, and an attacker must not be able to fill the log.
      if (registers && outcome === 'TOO_MANY_REQUESTS') return;
      const tokenId = registers ? auth.idOf(String(args.registrationToken)) : (account?.tokenId ?? null);
      const accountId = account?.accountId ?? null;
      const changes = takeChanges(context);
      await audit.record({ operation, accountId, tokenId, address, args, changes, result, outcome });
    };
    let result: unknown;
    try {
      result = await resolver(source, args, context, info);
    } catch (error) {
      await record(outcomeOf(error), undefined);
      throw error;
    }
    await record('OK', result);
    return result;
  };
}
