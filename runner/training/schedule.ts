import type { MethodConfig, RunConfig } from '../../schema/run-config.js';

/** What changes from step to step: set before the step is taken. */
export interface Rates {
  learningRate: number;
  /** Weight of the cross loss; 0 for methods without one. */
  crossWeight: number;
}

/** The rates of the iteration after `step` iterations were done, 0 <= step < iterations. */
export function ratesAt(config: RunConfig, step: number): Rates {
  const { learningRate, power } = config.optimiser;
  const progress = step / config.training.iterations;
  return { learningRate: learningRate * (1 - progress) ** power, crossWeight: crossWeightAt(config.method, progress) };
}

/** The weight of the cross loss at a share of the iterations in [0, 1): a linear ramp over the first `rampUp` of them. */
function crossWeightAt(method: MethodConfig, progress: number): number {
  if (method.name === 'supervised') return 0;
  return progress < method.rampUp ? (method.weight * progress) / method.rampUp : method.weight;
}
