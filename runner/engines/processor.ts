import { availableParallelism, cpus } from 'node:os';

/** The processor's name, for people. */
export function processor(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'CPU'}, ${all.length} threads`;
}

/** Two networks on the processor are trained in a thread each where it has two cores. */
export function twinsOnProcessor(): 'workers' | 'together' {
  return availableParallelism() >= 2 ? 'workers' : 'together';
}
