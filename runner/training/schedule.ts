import type { MethodConfig, RunConfig } from '../../schema/run-config.js';

/** What changes from step to step: set before the step is taken. */
export interface Rates {
  learningRate: number;
  /** What the weight of everything unsupervised is multiplied by, in [0, 1]. */
  ramp: number;
}

/** The rates of the iteration after `step` iterations were done, 0 <= step < iterations. */
export function ratesAt(config: RunConfig, step: number): Rates {
  const { learningRate, power } = config.optimiser;
  const progress = step / config.training.iterations;
  return { learningRate: learningRate * (1 - progress) ** power, ramp: rampAt(config.method, progress) };
}

/** A linear ramp over the first `rampUp` of the iterations; `progress` is a share of them in [0, 1). */
function rampAt(method: MethodConfig, progress: number): number {
  if (!('rampUp' in method)) return 1;
  return progress < method.rampUp ? progress / method.rampUp : 1;
}
