import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_SECONDS } from '../world/servers.js';
import type { World } from '../world/world.js';
import type { PlannedFault } from './plan.js';

/** Makes a fault happen, and heals it. Resolves to what happened, for the log. @throws NotPossible */
export type Fault = (world: World, fault: PlannedFault) => Promise<string>;

/** The fault cannot happen on this machine, or nothing was there to which it could happen. */
export class NotPossible extends Error {}

const SHORT_SECONDS = 0.4 * LEASE_SECONDS;
const LONG_SECONDS = 2 * LEASE_SECONDS;

/** How long a fault lasts: clearly shorter or longer than a lease. */
export const secondsOf = ({ outlastsLease }: PlannedFault): number => (outlastsLease ? LONG_SECONDS : SHORT_SECONDS);

export const lasts = (fault: PlannedFault): Promise<void> => sleep(secondsOf(fault) * 1000);

export function victimOf<T>({ random }: PlannedFault, all: readonly T[]): T {
  return all[random.int(all.length)]!;
}
