import type { FaultyLine } from '../../processes/faulty-line.js';
import type { FleetAgent } from '../fleet/fleet-agent.js';
import type { World } from '../world/world.js';
import { type Fault, LONG_SECONDS, lasts, secondsOf, victimOf } from './fault.js';
import type { PlannedFault } from './plan.js';

/** A mobile connection: a checkpoint takes longer than a lease. */
const SLOW = { bytesPerSecond: 400_000, delayMs: 20 };

export const cutLink: Fault = (world, fault) => disturbed(world, fault, secondsOf(fault), (link) => link.break());
export const stallLink: Fault = (world, fault) => disturbed(world, fault, secondsOf(fault), (link) => link.stall());
export const slowLink: Fault = (world, fault) => disturbed(world, fault, LONG_SECONDS, (link) => link.slowDown(SLOW));

function disturbed(
  world: World,
  fault: PlannedFault,
  seconds: number,
  disturb: (link: FaultyLine) => void,
): Promise<string> {
  const agent: FleetAgent = victimOf(fault, world.agents);
  const { link } = agent.place;
  return agent.exclusively(async () => {
    disturb(link);
    try {
      await lasts(seconds);
    } finally {
      link.restore();
    }
    return `the link of ${agent.name} for ${seconds} s`;
  });
}
