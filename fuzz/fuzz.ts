import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { UserError } from '../schema/exit-codes.js';
import { operationsOf } from './cases/operations.js';
import type { FaultKind } from './faults/faults.js';
import { Findings } from './faults/findings.js';
import { errorsIn } from './faults/server-log.js';
import { OperationCalls } from './operation-calls.js';
import type { FuzzOptions } from './options.js';
import { WatchedServer } from './server/watched-server.js';
import { Tally } from './tally.js';
import { Trickle } from './wire/trickle.js';
import { WireCalls } from './wire-calls.js';
import { callersOf, REGISTRATION_TOKEN, rolesOf, USER_TOKEN } from './world/callers.js';
import { World } from './world/world.js';

/** The result, for programs. */
export interface FuzzResult {
  fuzz: 'crosscheck';
  seed: number;
  seconds: number;
  operations: number;
  calls: number;
  /** Calls that were planned but not made, because the time was up. */
  left: number;
  callsPerOperation: Record<string, number>;
  slowestMs: number;
  heapBytes: [before: number, after: number];
  faults: number;
  faultsByKind: Partial<Record<FaultKind, number>>;
}

/** The most of the time that goes to calls that break HTTP or the WebSocket protocol. */
const WIRE_SHARE = 0.3;

/** A lease that no run of this program outlasts. */
const LEASE_SECONDS = '86400';
/** Unknown tokens are part of the test, and must not keep out the valid ones. */
const AUTH_FAILURES_PER_MINUTE = '1000000';

/**
 * Starts a server and PostgreSQL, fills the database, and calls every operation of the schema with every kind of input, by
 * every kind of caller. Prints the calls and the faults.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seed, operation, auth, heapGrowthBytes, print } = options;
  const schema = buildSchema(readFileSync(join(process.cwd(), 'schema/schema.graphql'), 'utf8'));
  const runners = parse(readFileSync(join(process.cwd(), 'schema/operations/runner/runner.graphql'), 'utf8'));
  const all = operationsOf(schema, runners);
  const operations = all.filter(({ name }) => operation === null || name === operation);
  if (operations.length === 0) {
    throw new UserError(`--operation: there is no "${operation}"; there are ${all.map(({ name }) => name).join(', ')}`);
  }
  print(`seed ${seed}; ${operations.length} operations; starting PostgreSQL and the server …`);
  const started = performance.now();
  const server = await WatchedServer.start({
    AUTH: auth,
    CROSSCHECK_USER_TOKEN: USER_TOKEN,
    CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION_TOKEN,
    LEASE_SECONDS,
    AUTH_FAILURES_PER_MINUTE,
  });
  let world: World | null = null;
  // Beside all other calls: the server must close these connections and meanwhile serve the others.
  const trickle = operation === null ? new Trickle(server.url) : null;
  const findings = new Findings();
  const tally = new Tally();
  let measured: Pick<FuzzResult, 'left' | 'slowestMs' | 'heapBytes'>;
  try {
    const names = all.map(({ name }) => name);
    const roles = rolesOf(schema);
    world = await World.create(server.databaseUrl, { operations: names, roles, auth }, options.size);
    print(`filled the database with ${options.size.runs} runs, ${elapsed(started)} s after the start`);
    const callers = callersOf(schema, auth);
    const calls = new OperationCalls({ server, world, operations, callers, options, findings, tally });
    await calls.valid();
    const before = (await server.heap()).heapUsed;
    const endMs = performance.now() + options.seconds * 1000;
    const wire = operation === null ? new WireCalls({ server, callers, options, findings, tally }) : null;
    // What breaks the protocols first: there is less of it.
    let left = (await wire?.make(endMs - (1 - WIRE_SHARE) * options.seconds * 1000)) ?? 0;
    left += await calls.hostile(endMs);
    const slowestMs = await calls.confirmSlow();
    await calls.close();
    for (const name of trickle?.overdue ?? []) findings.add({ kind: 'open connection', what: name }, null);
    trickle?.close();
    await world.tidy();
    const after = (await server.heap()).heapUsed;
    measured = { left, slowestMs, heapBytes: [before, after] };
    if (after - before > heapGrowthBytes) {
      const what = `the heap grew from ${megabytes(before)} to ${megabytes(after)} MB`;
      findings.add({ kind: 'memory', what }, null);
    }
  } finally {
    trickle?.close();
    await world?.close();
    await server.stop();
  }
  const list = findings.listed(await errorsIn(server.logFile));
  server.remove();
  for (const line of [...tally.lines, ...list.lines]) print(line);
  return {
    fuzz: 'crosscheck',
    seed,
    seconds: elapsed(started),
    operations: operations.length,
    calls: tally.calls,
    ...measured,
    callsPerOperation: tally.perOperation,
    faults: list.total,
    faultsByKind: list.counts,
  };
}

const elapsed = (started: number): number => Math.round((performance.now() - started) / 100) / 10;
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
