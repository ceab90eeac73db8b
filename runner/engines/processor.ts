import { availableParallelism, cpus } from 'node:os';

/** A description of the CPU for display. */
export function processor(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'CPU'}, ${all.length} threads`;
}

/** Two networks on the CPU are trained in separate threads if it has at least two cores. */
export function twinsOnProcessor(): 'workers' | 'together' {
  return availableParallelism() >= 2 ? 'workers' : 'together';
}
