import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { RECORDED } from '../audit/recorded.js';
import { Feed } from '../live/sharing/feed.js';
import { createSchema } from '../schema.js';
import { REGISTRATION_TOKEN, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

/** Who may call each operation. Written by hand, and not derived from access.ts, which this checks. */
const PEOPLE = ['viewer', 'member', 'admin'];
const MEMBERS = ['member', 'admin'];
const ADMINS = ['admin'];
const RUNNERS = ['runner', 'other runner'];
/** Whose bearer token is not valid, so that they are refused before any operation. */
const REJECTED = ['unknown token', 'expired token', 'revoked token', 'disabled account', 'registration token'];
const CALLERS = ['no token', ...REJECTED, ...PEOPLE, ...RUNNERS];

const MATRIX: Record<string, string[]> = {
  'Query.server': ['no token', ...PEOPLE, ...RUNNERS],
  'Query.me': PEOPLE,
  'Query.node': PEOPLE,
  'Query.nodes': PEOPLE,
  'Query.accounts': PEOPLE,
  'Query.tokens': PEOPLE,
  'Query.auditLog': ADMINS,
  'Query.runs': PEOPLE,
  'Query.runGroups': PEOPLE,
  'Query.run': PEOPLE,
  'Query.runConfigSchema': PEOPLE,
  'Query.compareClassIous': PEOPLE,
  'Query.compareConfigs': PEOPLE,
  'Query.compareSamples': PEOPLE,
  'Query.classHistories': PEOPLE,
  'Query.classChanges': PEOPLE,
  'Query.histories': PEOPLE,
  'Query.savedFilters': PEOPLE,
  'Query.runsPivot': PEOPLE,
  'Query.studies': PEOPLE,
  'Query.study': PEOPLE,
  'Query.planStudy': PEOPLE,
  'Query.datasets': PEOPLE,
  'Query.dataset': PEOPLE,
  'Query.runners': PEOPLE,
  'Query.runner': [...PEOPLE, 'runner'],
  'Mutation.createRun': MEMBERS,
  'Mutation.cancelRun': MEMBERS,
  'Mutation.retryRun': MEMBERS,
  'Mutation.deleteRun': MEMBERS,
  'Mutation.updateRun': MEMBERS,
  'Mutation.updateRuns': MEMBERS,
  'Mutation.cancelRuns': MEMBERS,
  'Mutation.retryRuns': MEMBERS,
  'Mutation.deleteRuns': MEMBERS,
  'Mutation.createSavedFilter': MEMBERS,
  'Mutation.updateSavedFilter': MEMBERS,
  'Mutation.deleteSavedFilter': MEMBERS,
  'Mutation.createStudy': MEMBERS,
  'Mutation.updateStudy': MEMBERS,
  'Mutation.extendStudy': MEMBERS,
  'Mutation.queueMissingRuns': MEMBERS,
  'Mutation.deleteStudy': MEMBERS,
  'Mutation.createToken': MEMBERS,
  'Mutation.createUserToken': MEMBERS,
  'Mutation.rotateToken': MEMBERS,
  'Mutation.revokeToken': MEMBERS,
  'Mutation.createRegistrationToken': ADMINS,
  'Mutation.createAccount': ADMINS,
  'Mutation.updateAccount': ADMINS,
  'Mutation.drainRunner': ADMINS,
  'Mutation.undrainRunner': ADMINS,
  'Mutation.pauseRunner': ADMINS,
  'Mutation.resumeRunner': ADMINS,
  'Mutation.renameRunner': ADMINS,
  'Mutation.rotateRunnerToken': ADMINS,
  'Mutation.removeRunner': ADMINS,
  'Mutation.setRunnerSlotLimit': ADMINS,
  'Mutation.transferDataset': ADMINS,
  'Mutation.registerRunner': ['no token', ...PEOPLE, ...RUNNERS],
  'Mutation.startRunner': RUNNERS,
  'Mutation.releaseRunner': RUNNERS,
  'Mutation.claimRun': RUNNERS,
  'Mutation.heartbeat': RUNNERS,
  'Mutation.reportAttempt': RUNNERS,
  'Mutation.finishAttempt': RUNNERS,
  'Subscription.runChanged': PEOPLE,
  'Subscription.runsChanged': PEOPLE,
  'Subscription.runDeleted': PEOPLE,
  'Subscription.runMetrics': PEOPLE,
  'Subscription.runPoints': PEOPLE,
  'Subscription.runEvaluations': PEOPLE,
  'Subscription.runSamples': PEOPLE,
  'Subscription.runAlarms': PEOPLE,
  'Subscription.runLog': PEOPLE,
  'Subscription.alarmsRaised': PEOPLE,
  'Subscription.studyChanged': PEOPLE,
  'Subscription.alarmRaised': PEOPLE,
  'Subscription.runnersChanged': PEOPLE,
  'Subscription.runQueued': [...PEOPLE, ...RUNNERS],
};

const schema = createSchema();
const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
const operations = roots.flatMap((type) =>
  Object.values(type.getFields()).map((field) => ({ place: `${type.name}.${field.name}`, kind: type.name, field })),
);

// Every caller with an unknown token, and registerRunner, would otherwise soon be told to wait.
const server = testServer({ authRequired: true, authFailuresPerMinute: 100_000 });
const tokens = new Map<string, string | undefined>([['no token', undefined]]);
let runner: TestRunner;

beforeAll(async () => {
  const create = async (name: string, role: string, seconds: number | null = null) => {
    const { createAccount } = await server.ask(
      'mutation ($name: String!, $role: Role!) { createAccount(name: $name, role: $role) { id } }',
      { name, role },
      USER_TOKEN,
    );
    const { createToken } = await server.ask(
      'mutation ($id: ID!, $s: Int) { createToken(accountId: $id, label: "x", expiresInSeconds: $s) { id token } }',
      { id: createAccount.id, s: seconds },
      USER_TOKEN,
    );
    tokens.set(name, createToken.token);
    return { account: createAccount.id as string, token: createToken.id as string };
  };
  tokens.set('unknown token', 'nobody was given this one');
  tokens.set('registration token', REGISTRATION_TOKEN);
  for (const role of ['VIEWER', 'MEMBER', 'ADMIN']) {
    if (role === 'ADMIN') tokens.set('admin', USER_TOKEN);
    else await create(role.toLowerCase(), role);
  }
  const expired = await create('expired token', 'ADMIN', 3600);
  await server.database.dataSource.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [expired.token]);
  const revoked = await create('revoked token', 'ADMIN');
  await server.ask('mutation ($id: ID!) { revokeToken(id: $id) { id } }', { id: revoked.token }, USER_TOKEN);
  const { account } = await create('disabled account', 'ADMIN');
  const disable = 'mutation ($id: ID!) { updateAccount(id: $id, disabled: true) { id } }';
  await server.ask(disable, { id: account }, USER_TOKEN);
  runner = await server.registerRunner();
  tokens.set('runner', runner.token);
  tokens.set('other runner', (await server.registerRunner({ name: 'gpu-2' })).token);
});

/** A valid document for the field, and variables of the right types that name nothing that exists. */
function requestFor(kind: string, field: GraphQLField<unknown, unknown>) {
  const given = field.args.filter((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined);
  const declared = given.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const head = `${kind.toLowerCase()}${declared && `(${declared})`}`;
  const query = `${head} { ${field.name}${passed && `(${passed})`} ${selection} }`;
  const variables = Object.fromEntries(given.map((argument) => [argument.name, sampleOf(argument)]));
  // The only operation that depends on whom it is asked about.
  return { query, variables: field.name === 'runner' ? { id: runner.id } : variables };
}

function sampleOf({ name, type }: Pick<GraphQLArgument, 'name' | 'type'>): unknown {
  if (isNonNullType(type)) return sampleOf({ name, type: type.ofType as GraphQLInputType });
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field)]));
  }
  const values: Record<string, unknown> = {
    ID: crypto.randomUUID(),
    Int: 1,
    Float: 1,
    SafeInt: 1,
    String: 'x',
    Boolean: true,
    JSONObject: {},
  };
  const { name: scalar } = getNamedType(type);
  if (!(scalar in values)) throw new Error(`add a value for the scalar ${scalar} (${name})`);
  return values[scalar];
}

interface Refusal {
  code: string;
  message: string;
}

/** What access.ts answered; null if it let the call through, whatever the operation then did. */
type Outcome = Refusal | null;

function outcomeOf(
  errors: readonly { message: string; extensions?: { code?: unknown } }[] | undefined,
  name: string,
): Outcome {
  const error = errors?.[0];
  const code = String(error?.extensions?.code);
  if (code === 'INTERNAL_SERVER_ERROR') throw new Error(`${name}: ${error!.message}`);
  if (error && /^(the token is neither|this token|the account "|\w+ needs (a|the role) )/.test(error.message)) {
    return { code, message: error.message };
  }
  return null;
}

async function overHttp(
  kind: string,
  field: GraphQLField<unknown, unknown>,
  token: string | undefined,
): Promise<Outcome> {
  const { query, variables } = requestFor(kind, field);
  const { errors } = await server.send(query, variables, token);
  return outcomeOf(errors, field.name);
}

describe('the matrix', () => {
  it('has exactly the operations of the schema', () => {
    expect(Object.keys(MATRIX).sort()).toEqual(operations.map(({ place }) => place).sort());
  });

  it('has every mutation of people in the audit log', () => {
    const ofPeople = Object.keys(MATRIX).filter((place) => /^Mutation/.test(place) && MATRIX[place] !== RUNNERS);
    expect(Object.keys(RECORDED).sort()).toEqual(ofPeople.map((place) => place.replace('Mutation.', '')).sort());
  });
});

/** The refusal that a caller gets; null if it may call the operation. */
function expected(place: string, caller: string): unknown {
  if (MATRIX[place]!.includes(caller)) return null;
  const isRejected = REJECTED.includes(caller);
  const code = isRejected || caller === 'no token' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  const message = isRejected ? expect.any(String) : expect.stringContaining(`${place.split('.')[1]} needs `);
  return { code, message };
}

describe.each(CALLERS)('with %s over HTTP', (caller) => {
  it.each(operations.filter(({ kind }) => kind !== 'Subscription'))('$place', async ({ place, kind, field }) => {
    expect(await overHttp(kind, field, tokens.get(caller))).toEqual(expected(place, caller));
  });
});

describe.each(CALLERS.filter((caller) => !REJECTED.includes(caller)))('with %s over a WebSocket', (caller) => {
  let client: Client;
  beforeAll(() => {
    const token = tokens.get(caller);
    client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
    });
  });
  afterAll(() => client.dispose());

  it.each(operations)('$place', async ({ place, kind, field }) => {
    const { query, variables } = requestFor(kind, field);
    // A subscription that is let through follows a feed, which sends nothing for now.
    const listening = vi.spyOn(Feed.prototype, 'follow');
    const outcome = await new Promise<Outcome | 'closed'>((resolve, reject) => {
      const watch = setInterval(() => kind === 'Subscription' && listening.mock.calls.length > 0 && end(null), 5);
      const end = (result: Outcome | 'closed') => {
        clearInterval(watch);
        resolve(result);
        stop();
      };
      const answer = (errors: Parameters<typeof outcomeOf>[0]) => {
        try {
          end(outcomeOf(errors, field.name));
        } catch (error) {
          reject(error);
        }
      };
      const stop = client.subscribe(
        { query, variables },
        {
          next: ({ errors }) => answer(errors),
          error: (error) => (Array.isArray(error) ? answer(error) : end('closed')),
          complete: () => {},
        },
      );
    });
    listening.mockRestore();
    // A server that requires a token may close a socket that presents none.
    if (caller === 'no token' && outcome === 'closed') return;
    expect(outcome).toEqual(expected(place, caller));
  });
});

it.each(['no token', ...REJECTED])('a WebSocket like this is closed: %s', async (caller) => {
  const subscription = server.subscribe('subscription { runDeleted }', {}, tokens.get(caller));
  await expect(subscription.next()).rejects.toMatchObject({ code: 4403 });
});
