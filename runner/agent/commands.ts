import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { CONFIG_VERSION } from '../../schema/config-version.js';
import { EXIT, type ExitCode, UserError } from '../../schema/exit-codes.js';
import type { RunnerInfoInput } from '../../schema/generated/runner/graphql.js';
import {
  type DatasetInput,
  RegisterRunnerDocument,
  RunnerStatusDocument,
} from '../../schema/generated/runner/graphql.js';
import { PROTOCOL_VERSION } from '../../schema/protocol-version.js';
import type { CheckedDatasets } from '../data/formats/files/files-options.js';
import type { EngineChoice, EngineOptions } from '../tracking/engine.js';
import { Agent } from './agent.js';
import { announce } from './announce.js';
import { checkedFolderOf } from './checked-folder.js';
import { describeDatasets, parseDataOptions } from './data-sources.js';
import { defaultHome } from './home.js';
import { HomeLock, type LockTimes } from './home-lock.js';
import { type RunnerIdentity, readIdentity, refuseExisting, serversOf, writeIdentity } from './identity.js';
import { openInstance } from './instance.js';
import { requestOnce } from './request-once.js';
import { WAITS } from './retry.js';
import { ServerClient } from './server-client.js';
import { drainOnSignals } from './signals.js';
import { allowedSources, type WeightsOptions } from './weights-options.js';

/** What the agent's commands need from the command line, so that the agent itself never loads a tensor library. */
export interface Machine {
  version: string;
  /** The git commit of the code; null if it is not a checkout. */
  commit: string | null;
  trainScript: string;
  startEngine(
    requested: EngineChoice,
    options: EngineOptions,
  ): Promise<{ name: string; device: string; reason: string }>;
  print(line: string): void;
}

export interface RegisterOptions extends WeightsOptions {
  /** The address of the server or, if several share its database, of each. */
  server: string[];
  token: string;
  name?: string;
  pool: string;
  engine: EngineChoice;
  kernels: EngineOptions['kernels'];
  /** One per slot. If empty, there is one slot, and the engine picks the GPU. */
  adapter: string[];
  data: string[];
  home: string;
  force: boolean;
}

/**
 * Registers this machine as a runner and writes `<home>/runner.json`. Checks its datasets and engine first, so that a
 * machine that cannot train is never registered.
 */
export async function register(options: RegisterOptions, machine: Machine): Promise<ExitCode> {
  const home = resolve(options.home);
  if (!options.force) refuseExisting(home);
  const client = new ServerClient(options.server, null);
  if (client.warning) machine.print(client.warning);
  // Refuses a host that cannot be read.
  allowedSources(home, options);
  const weights = options.weights.map((folder) => resolve(folder));
  const data = parseDataOptions(options.data);
  const datasets = await describeDatasets(data, { folder: checkedFolderOf(home), warn: machine.print }, machine.print);
  const { slots, engine, device } = await startSlots(options, machine);
  const named = { name: options.name ?? hostname(), pool: options.pool, engine, device };
  // Without what the datasets hold: a body without a token may be small only. The first start brings it.
  const info = { ...named, ...versionsOf(machine), host: hostname(), slots: slots.length };
  const answer = await announce(
    { ...info, datasets: datasets.map(uncounted) },
    (known) => requestOnce(client, RegisterRunnerDocument, { registrationToken: options.token, info: known }),
    machine.print,
  );
  const { runner, token } = answer.registerRunner;
  const [server, ...otherServers] = client.addresses.all.map(({ href }) => href);
  const who = { server: server!, ...(otherServers.length > 0 && { otherServers }), runnerId: runner.id, token };
  await writeIdentity(home, { ...named, ...who, slots, data, weights, allowHost: [...options.allowHost] });
  const held = datasets.map((dataset) => `${dataset.name} (${dataset.trainImages} training images)`).join(', ');
  if (runner.versionWarning) machine.print(`warning: ${runner.versionWarning} (docs/upgrading.md)`);
  machine.print(`registered "${runner.name}": engine ${engine} on ${device}, pool ${options.pool}, datasets ${held}`);
  machine.print(`start it with: npx crosscheck runner start${home === defaultHome() ? '' : ` --home ${home}`}`);
  return EXIT.done;
}

/** Starts the engine of every slot once, so that an engine that does not work is refused before registration. */
async function startSlots({ engine: wanted, kernels, adapter: adapters }: RegisterOptions, machine: Machine) {
  const slots: EngineOptions[] = (adapters.length > 0 ? adapters : [null]).map((adapter) => ({ kernels, adapter }));
  const devices: string[] = [];
  let engine = '';
  for (const slot of slots) {
    const started = await machine.startEngine(wanted, slot).catch((error: Error) => {
      throw new UserError(`--engine ${wanted}: ${error.message}`);
    });
    if (slots.length > 1 && started.name !== 'webgpu') {
      throw new UserError(`more than one --adapter needs the webgpu engine, but the engine here is ${started.reason}`);
    }
    machine.print(`engine ${started.reason}`);
    devices.push(started.device);
    engine = started.name;
  }
  return { slots, engine, device: devices.join(', ') };
}

export interface StartOptions extends WeightsOptions {
  home: string;
  /** The server's new addresses, if it has moved since this runner was registered. */
  server?: string[];
  once: boolean;
  data: string[];
  /** See Watchdog; 0 never looks for a hang. */
  stallSeconds: number;
  /** The default times of the home's lock if left out. */
  lockTimes?: LockTimes;
}

/** Runs the agent until it is told to stop or, with `--once`, until one run has ended. */
export async function start(options: StartOptions, machine: Machine): Promise<ExitCode> {
  const home = resolve(options.home);
  const identity = readIdentity(home);
  const sources = options.data.length > 0 ? parseDataOptions(options.data) : identity.data;
  const allowed = allowedSources(home, {
    weights: options.weights.length > 0 ? options.weights : (identity.weights ?? []),
    allowHost: options.allowHost.length > 0 ? options.allowHost : (identity.allowHost ?? []),
  });
  const log = (message: string): void => machine.print(`${new Date().toISOString()} ${message}`);
  let agent: Agent | null = null;
  const onLost = (message: string): void => {
    log(`${message}; shutting down`);
    agent?.kill();
    process.exit(EXIT.refused);
  };
  const lock = await HomeLock.take(home, { log, onLost, ...options.lockTimes });
  try {
    const { assertHeld } = lock;
    const client = new ServerClient(options.server ?? serversOf(identity), identity.token, log, WAITS, assertHeld);
    if (client.warning) log(client.warning);
    agent = new Agent({
      home,
      assertHeld,
      instance: await openInstance(home, log),
      info: await describeRunner(identity, sources, { folder: checkedFolderOf(home), warn: log }, machine),
      slots: identity.slots,
      sources,
      allowed,
      client,
      trainScript: machine.trainScript,
      once: options.once,
      stallSeconds: options.stallSeconds || null,
      log,
    });
    const stopListening = drainOnSignals(agent, log);
    const last = await agent.run().finally(stopListening);
    if (!options.once) return EXIT.done;
    if (!last) return EXIT.nothingToDo;
    return ['SUCCEEDED', 'CANCELED', 'RELEASED'].includes(last.outcome) ? EXIT.done : EXIT.failed;
  } finally {
    lock.release();
  }
}

const uncounted = ({ facts: _, ...dataset }: DatasetInput): DatasetInput => dataset;

async function describeRunner(
  identity: RunnerIdentity,
  sources: RunnerIdentity['data'],
  checked: CheckedDatasets,
  machine: Machine,
): Promise<RunnerInfoInput> {
  const { name, engine, device, pool } = identity;
  const datasets = await describeDatasets(sources, checked, machine.print);
  const slots = identity.slots.length;
  return { name, engine, device, pool, host: hostname(), ...versionsOf(machine), slots, datasets };
}

/** What a server compares with its own, and stores with what the runner trains. */
function versionsOf({ version, commit }: Machine) {
  return { version, commit, protocolVersion: PROTOCOL_VERSION, configVersion: CONFIG_VERSION };
}

/** Prints the runner's identity and what the server knows about it, as lines or as one JSON object. */
export async function status(options: { home: string; json: boolean }, machine: Machine): Promise<ExitCode> {
  const { name, runnerId, pool, engine, device, data, ...identity } = readIdentity(resolve(options.home));
  const client = new ServerClient(serversOf(identity), identity.token);
  const { server, runner } = await requestOnce(client, RunnerStatusDocument, { id: runnerId });
  const address = client.url;
  if (!runner) throw new UserError(`${address} has no runner with id ${runnerId}; register it again with --force`);
  const { state, problem, lastSeenAt, versionWarning } = runner;
  const runs = runner.activeAttempts.map(({ run }) => run);
  const { print } = machine;
  if (options.json) {
    // Scripts rely on these names: do not change them.
    const datasets = data.map((source) => ({ name: source.name, directory: source.directory }));
    const about = {
      id: runnerId,
      name,
      pool,
      engine,
      device,
      datasets,
      state,
      problem,
      lastSeenAt,
      versionWarning,
      runs,
    };
    print(JSON.stringify({ ...about, server: { url: address, version: server.version } }, null, 2));
    return EXIT.done;
  }
  print(`runner    ${name} (${runnerId}), pool ${pool}`);
  print(`engine    ${engine} on ${device}`);
  print(`datasets  ${data.map((source) => [source.name, source.directory].filter(Boolean).join('=')).join(', ')}`);
  print(`server    ${address}, version ${server.version}`);
  print(`state     ${state}, last seen ${lastSeenAt}`);
  if (versionWarning) print(`warning   ${versionWarning}`);
  if (problem !== null) print(`problem   it claims no runs: ${problem}`);
  for (const run of runs) {
    print(`trains    run #${run.number} "${run.name}", step ${run.step} of ${run.iterations}`);
  }
  return EXIT.done;
}
