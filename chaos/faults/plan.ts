import { type Random, randomStream } from '../../runner/random/random.js';
import { FAULT_KINDS, type FaultName } from './kinds.js';

/** One fault of a plan. */
export interface PlannedFault {
  kind: FaultName;
  /** When it begins, in seconds after the first run was queued. */
  atSeconds: number;
  /** Whether it lasts longer than a lease. */
  outlastsLease: boolean;
  /** Chooses the victim, and what else is left to chance. */
  random: Random;
}

/** The faults in their order, which follows from the seed: in each round, every kind happens once. */
export function planFaults({
  seed,
  faults,
  rounds,
  seconds,
}: {
  seed: number;
  faults: readonly FaultName[];
  rounds: number;
  seconds: number;
}): PlannedFault[] {
  const everySeconds = seconds / (rounds * faults.length);
  return Array.from({ length: rounds }, (_, round) =>
    randomStream(seed, 'order', round)
      .shuffle(faults)
      .map((kind, place) => ({
        kind,
        atSeconds: (round * faults.length + place) * everySeconds,
        outlastsLease: (round + FAULT_KINDS.indexOf(kind)) % 2 === 0,
        random: randomStream(seed, 'fault', round, kind),
      })),
  ).flat();
}
