import { setTimeout as sleep } from 'node:timers/promises';
import { type Stopped, unlessStopped } from '../cli/local-stack/stopped.js';
import { until } from '../processes/until.js';
import { NotPossible } from './faults/fault.js';
import { FAULTS } from './faults/happen.js';
import type { FaultName } from './faults/kinds.js';
import { type PlannedFault, planFaults } from './faults/plan.js';
import type { ChaosOptions } from './options.js';
import { ITERATIONS, queueRuns, refillQueue } from './queue.js';
import { acknowledgedViolations } from './rules/acknowledged.js';
import { apiViolations } from './rules/api.js';
import { startAudit } from './rules/audit.js';
import { databaseViolations } from './rules/database-rules.js';
import { leftoverViolations } from './rules/leftovers.js';
import { resultViolations } from './rules/results.js';
import { allReady, emptyQueue, heal } from './settle.js';
import { World } from './world/world.js';

/** The result, for programs. */
export interface ChaosResult {
  chaos: 'crosscheck';
  seed: number;
  /** From the start of the programs to the last rule. */
  seconds: number;
  node: string;
  agents: number;
  /** All runs that were queued: those that were asked for, and more for faults that had not happened yet. */
  runs: number;
  attempts: number;
  attemptsByState: Record<string, number>;
  /** How often each kind of fault happened. */
  faults: Partial<Record<FaultName, number>>;
  /** The faults that could not happen, and why. */
  skipped: string[];
  violations: number;
}

type Happened = Pick<ChaosResult, 'runs' | 'attempts' | 'attemptsByState' | 'faults' | 'skipped'>;

/** How long the agents may take to start, on a loaded machine. */
const START_SECONDS = 300;
/** The share of the time that training would take without faults. */
const TRAINING_SHARE = 0.5;
/** The agents train one or two runs at a time. */
const SLOTS_PER_AGENT = 1.5;

/**
 * Queues runs for real agents, makes faults happen, and checks that nothing was lost or stored twice. Prints the faults and
 * the violated rules.
 * @throws Interrupted if the user stops it, once its programs have stopped
 */
export async function chaos(options: ChaosOptions, stopped: Stopped): Promise<ChaosResult> {
  const { seed, seconds, agents, runs, print, checkpointBytes } = options;
  const started = performance.now();
  print(`seed ${seed}; starting PostgreSQL, two servers and ${agents} agents …`);
  const slots = agents * SLOTS_PER_AGENT;
  const stepMs = Math.round((TRAINING_SHARE * seconds * 1000 * slots) / (runs * ITERATIONS));
  const world = await World.start({ agents, script: { stepMs, checkpointBytes }, print });
  const violations = world.violations;
  let happened: Happened;
  try {
    happened = await unlessStopped(stopped, happen(world, options, stepMs));
  } finally {
    violations.push(...(await world.stop()), ...leftoverViolations(world));
    await world.close();
  }
  for (const line of violations) world.log(`VIOLATED  ${line}`);
  if (violations.length === 0) world.remove();
  else print(`logs: ${world.folder}`);
  const elapsed = Math.round((performance.now() - started) / 100) / 10;
  const size = { seed, seconds: elapsed, node: process.version, agents };
  return { chaos: 'crosscheck', ...size, ...happened, violations: violations.length };
}

async function happen(world: World, options: ChaosOptions, stepMs: number): Promise<Happened> {
  const { runs, checkpointBytes } = options;
  await startAudit(world.database);
  await queueRuns(world, 1, runs);
  world.log(`queued ${runs} runs of ${ITERATIONS} steps, ${stepMs} ms each`);
  await until('an agent to train', START_SECONDS, () => world.agents.some(({ children }) => children.length > 0));
  let over = false;
  const [faults] = await Promise.all([
    makeFaults(world, planFaults(options)).finally(() => {
      over = true;
    }),
    refillQueue(world, Math.ceil(options.agents * SLOTS_PER_AGENT), () => over),
  ]);
  world.log('no more faults; waiting for the queue to run empty');
  await heal(world);
  world.violations.push(...(await emptyQueue(world)));
  await allReady(world);
  world.log('checking the rules');
  world.violations.push(...(await databaseViolations(world.database)));
  world.violations.push(...(await acknowledgedViolations(world)));
  world.violations.push(...(await resultViolations(world.database, checkpointBytes, world.damagedAttempts)));
  world.violations.push(...(await apiViolations(world)));
  const attemptsByState = await countAttempts(world);
  const attempts = Object.values(attemptsByState).reduce((sum, count) => sum + count, 0);
  return { runs: await countRuns(world), attempts, attemptsByState, ...faults };
}

async function makeFaults(world: World, plan: PlannedFault[]): Promise<Pick<ChaosResult, 'faults' | 'skipped'>> {
  const faults: Partial<Record<FaultName, number>> = {};
  const skipped: string[] = [];
  const started = performance.now();
  await Promise.all(
    plan.map(async (fault) => {
      await sleep(fault.atSeconds * 1000 - (performance.now() - started));
      try {
        const what = await FAULTS[fault.kind](world, fault);
        faults[fault.kind] = (faults[fault.kind] ?? 0) + 1;
        world.log(`${fault.kind}: ${what}`);
      } catch (error) {
        const { message } = error as Error;
        if (error instanceof NotPossible) skipped.push(`${fault.kind}: ${message}`);
        else world.violations.push(`a fault can be made and healed: ${fault.kind}: ${message}`);
        world.log(`${fault.kind} did not happen: ${message}`);
      }
    }),
  );
  return { faults, skipped };
}

async function countRuns({ database }: World): Promise<number> {
  const [row] = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM runs');
  return row!.count;
}

async function countAttempts({ database }: World): Promise<Record<string, number>> {
  const rows = await database.query<{ state: string; count: number }>(
    'SELECT state, count(*)::int AS count FROM attempts GROUP BY state ORDER BY state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
