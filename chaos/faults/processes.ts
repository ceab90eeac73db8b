import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../processes/until.js';
import type { FleetAgent } from '../fleet/fleet-agent.js';
import { parentOf } from '../fleet/process-tree.js';
import type { World } from '../world/world.js';
import { type Fault, lasts, NotPossible, PATIENCE_SECONDS, secondsOf, victimOf, withBusyAgent } from './fault.js';
import type { PlannedFault } from './plan.js';

/** Programs are killed, stopped and frozen. Whoever has ended is started again by its supervisor. */

const ASK_AGAIN_MS = 50;

export const killAgent: Fault = (world, fault) => endAgent(world, fault, 'SIGKILL');
export const stopAgent: Fault = (world, fault) => endAgent(world, fault, 'SIGTERM');
export const killServer: Fault = (world, fault) => endServer(world, fault, 'SIGKILL');
export const stopServer: Fault = (world, fault) => endServer(world, fault, 'SIGTERM');

export const killChild: Fault = (world, fault) =>
  withBusyAgent(world, fault, async (agent, [child]) => {
    kill(child!, 'SIGKILL');
    return `a training process of ${agent.name}`;
  });

export const freezeChild: Fault = (world, fault) =>
  withBusyAgent(world, fault, async (agent, [child]) => {
    await frozen(child!, fault);
    return `a training process of ${agent.name} for ${secondsOf(fault)} s`;
  });

export const freezeAgent: Fault = (world, fault) => {
  const agent = victimOf(fault, world.agents);
  return agent.exclusively(async () => {
    await frozen(await running(agent), fault);
    return `${agent.name} for ${secondsOf(fault)} s`;
  });
};

export const freezeServer: Fault = async (world, fault) => {
  const server = victimOf(fault, world.servers);
  await server.isUp();
  if (server.process.pid !== null) await frozen(server.process.pid, fault);
  return `${server.name} for ${secondsOf(fault)} s`;
};

export const killBackend: Fault = async ({ database }, { random }) => {
  const backends = await until('a server to connect to PostgreSQL', PATIENCE_SECONDS, async () => {
    const rows = await database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return rows.length > 0 && rows;
  });
  kill(backends[random.int(backends.length)]!.pid, 'SIGKILL');
  return 'a backend of PostgreSQL';
};

export const killPostmaster: Fault = async ({ database }) => {
  const [own] = await database.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'`,
  );
  const postmaster = parentOf(own!.pid);
  if (postmaster === null) throw new NotPossible('PostgreSQL has just ended');
  kill(postmaster, 'SIGKILL');
  return 'the main process of PostgreSQL';
};

function endAgent(world: World, fault: PlannedFault, signal: NodeJS.Signals): Promise<string> {
  const agent = victimOf(fault, world.agents);
  return agent.exclusively(async () => {
    kill(await running(agent), signal);
    return agent.name;
  });
}

async function endServer(world: World, fault: PlannedFault, signal: NodeJS.Signals): Promise<string> {
  const server = victimOf(fault, world.servers);
  await server.isUp();
  server.process.signal(signal);
  return server.name;
}

/** The process of the agent, once it runs. */
async function running({ process }: FleetAgent): Promise<number> {
  while (process.pid === null) await sleep(ASK_AGAIN_MS);
  return process.pid;
}

async function frozen(pid: number, fault: PlannedFault): Promise<void> {
  kill(pid, 'SIGSTOP');
  try {
    await lasts(secondsOf(fault));
  } finally {
    kill(pid, 'SIGCONT');
  }
}

/** Does nothing if the process has just ended. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
