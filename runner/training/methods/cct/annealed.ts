import type { HardPixels } from '../../losses.js';

/** The share of the iterations over which the limit rises. */
const RISE = 0.4;

/** The limit approaches this value, and reaches 0.99 - 0.94 exp(-5) = 0.98. */
const GOAL = 0.99;

/**
 * The labelled pixels that count in the annealed cross-entropy of the CPS authors' CCT (TorchSemiSeg, abCE_loss): those
 * whose true class is at most as probable as a limit, and at least the least probable one per image. The limit rises from
 * 1 / classes by 1 - exp(-5 t), where t grows from 0 to 1 over the first 40% of the iterations. The first step has already
 * taken one of them.
 */
export function annealed(step: number, iterations: number, classes: number): HardPixels {
  const t = Math.min(1, (step + 1) / (RISE * iterations));
  return { threshold: 1 / classes + (GOAL - 1 / classes) * (1 - Math.exp(-5 * t)), keep: 1 };
}
