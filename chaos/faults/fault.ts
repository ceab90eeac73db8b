import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetAgent } from '../fleet/fleet-agent.js';
import { LEASE_SECONDS } from '../world/servers.js';
import type { World } from '../world/world.js';
import type { PlannedFault } from './plan.js';

/** Makes a fault happen, and heals it. Resolves to what happened, for the log. @throws NotPossible */
export type Fault = (world: World, fault: PlannedFault) => Promise<string>;

/** The fault cannot happen on this machine, or nothing was there to which it could happen. */
export class NotPossible extends Error {}

const SHORT_SECONDS = LEASE_SECONDS / 3;
export const LONG_SECONDS = 2 * LEASE_SECONDS;

/** How long a fault lasts: clearly shorter or longer than a lease. */
export const secondsOf = ({ outlastsLease }: PlannedFault): number => (outlastsLease ? LONG_SECONDS : SHORT_SECONDS);

/** Waits until the fault is over. */
export const lasts = (seconds: number): Promise<void> => sleep(seconds * 1000);

export function victimOf<T>({ random }: PlannedFault, all: readonly T[]): T {
  return all[random.int(all.length)]!;
}

/** How long a fault waits for something that it can happen to, on a loaded machine. */
export const PATIENCE_SECONDS = 120;
const ASK_AGAIN_MS = 50;

/**
 * Works with an agent that is training: the planned victim, if it is.
 * @param work gets the process ids of its training processes
 * @throws NotPossible if none trains for a while
 */
export async function withBusyAgent(
  { agents }: World,
  { random }: PlannedFault,
  work: (agent: FleetAgent, children: number[]) => Promise<string>,
): Promise<string> {
  const order = random.shuffle(agents);
  const endMs = Date.now() + PATIENCE_SECONDS * 1000;
  while (Date.now() < endMs) {
    const agent = order.find(({ children }) => children.length > 0);
    const done = await agent?.exclusively(async () => {
      const { children } = agent;
      return children.length === 0 ? null : work(agent, children);
    });
    if (done) return done;
    await sleep(ASK_AGAIN_MS);
  }
  throw new NotPossible(`no agent was training for ${PATIENCE_SECONDS} s`);
}
