import type { MethodConfig, RunConfig } from '../../schema/run-config.js';

/** What changes from step to step: set before the step is taken. */
export interface Rates {
  learningRate: number;
  /** What the learning rate is of its first value, in [0, 1]. */
  fall: number;
  /** What the weight of everything unsupervised is multiplied by, in [0, 1]. */
  ramp: number;
  /** 2 once a method that trains twice has begun again. */
  round: 1 | 2;
  /** Whether the second round begins with this iteration. */
  restarts: boolean;
}

/** The rates of the iteration after `step` iterations were done, 0 <= step < iterations. Each round has the whole schedule. */
export function ratesAt(config: RunConfig, step: number): Rates {
  const { method, optimiser, training } = config;
  const { iterations } = training;
  const restart = restartOf(config) ?? iterations;
  const progress = step < restart ? step / restart : (step - restart) / (iterations - restart);
  const fall = (1 - progress) ** optimiser.power;
  return {
    learningRate: optimiser.learningRate * fall,
    fall,
    ramp: rampAt(method, progress),
    round: step < restart ? 1 : 2,
    restarts: step === restart,
  };
}

/**
 * How many iterations the first round of a method that trains twice takes; null for the others. Each round has at least one,
 * which is why such a run has at least two.
 */
export function restartOf({ method, training: { iterations } }: RunConfig): number | null {
  if (!('firstRound' in method)) return null;
  return Math.min(Math.max(1, Math.round(method.firstRound * iterations)), iterations - 1);
}

/**
 * A ramp over the first `rampUp` of the iterations; `progress` is a share of them in [0, 1). Linear, or exp(−5 (1 − t)²) as
 * Laine and Aila (ICLR 2017) have it.
 */
function rampAt(method: MethodConfig, progress: number): number {
  if (!('rampUp' in method) || progress >= method.rampUp) return 1;
  const t = progress / method.rampUp;
  return 'rampShape' in method && method.rampShape === 'exponential' ? Math.exp(-5 * (1 - t) ** 2) : t;
}
