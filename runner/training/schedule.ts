import type { MethodConfig, RunConfig } from '../../schema/run-config.js';

/** The values that change from step to step. They are set before the step is taken. */
export interface Rates {
  learningRate: number;
  /** The learning rate as a share of the configured one, in [0, 1]. */
  fall: number;
  /** The factor for the weights of all unsupervised losses, in [0, 1]. */
  ramp: number;
  /** 2 in the second round of a method that trains in two rounds, else 1. */
  round: 1 | 2;
  /** Whether the second round begins with this iteration. */
  restarts: boolean;
}

/** The rates of the iteration that follows `step` finished ones, 0 <= step < iterations. Each round has the whole schedule. */
export function ratesAt(config: RunConfig, step: number): Rates {
  const { method, optimiser, training } = config;
  const { iterations } = training;
  const restart = restartOf(config) ?? iterations;
  const length = step < restart ? restart : iterations - restart;
  const progress = stepOfRound(config, step) / length;
  const fall = (1 - progress) ** optimiser.power * warmUpAt(optimiser.warmUp, stepOfRound(config, step), length);
  return {
    learningRate: optimiser.learningRate * fall,
    fall,
    ramp: rampAt(method, progress),
    round: step < restart ? 1 : 2,
    restarts: step === restart,
  };
}

/**
 * The factor of the learning rate after `step` of `length` iterations: 1/n, 2/n, … 1 in the first n, which `warmUp` gives as
 * a share of the length (below 1) or as their number. With PyTorch's schedulers: LinearLR(start_factor = 1/n,
 * total_iters = n − 1), chained with that of the run.
 */
function warmUpAt(warmUp: number, step: number, length: number): number {
  const iterations = warmUp < 1 ? Math.round(warmUp * length) : warmUp;
  return step + 1 >= iterations ? 1 : (step + 1) / iterations;
}

/** How many of the `step` finished iterations belong to the current round: the optimiser starts again in each. */
export function stepOfRound(config: RunConfig, step: number): number {
  const restart = restartOf(config);
  return restart === null || step < restart ? step : step - restart;
}

/**
 * The number of iterations in the first round of a method that trains in two rounds; null for other methods. Each round has
 * at least one iteration, so such a run has at least two.
 */
export function restartOf({ method, training: { iterations } }: RunConfig): number | null {
  if (!('firstRound' in method)) return null;
  return Math.min(Math.max(1, Math.round(method.firstRound * iterations)), iterations - 1);
}

/**
 * A ramp from 0 to 1 over the first `rampUp` (a share) of the iterations. `progress` is the share of iterations done, in
 * [0, 1). It is linear, or exp(−5 (1 − t)²) as in Laine and Aila (ICLR 2017).
 */
function rampAt(method: MethodConfig, progress: number): number {
  if (!('rampUp' in method) || progress >= method.rampUp) return 1;
  const t = progress / method.rampUp;
  return 'rampShape' in method && method.rampShape === 'exponential' ? Math.exp(-5 * (1 - t) ** 2) : t;
}
