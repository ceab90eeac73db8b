import type { Random } from '../../../random/random.js';

/**
 * Random geometry that uses only +, -, x, / and square roots, which IEEE 754 rounds identically everywhere. Sine,
 * cosine and logarithm may differ in their last bit between machines, and one bit can move a pixel to another class.
 */

export interface Rotation {
  cos: number;
  sin: number;
}

/** Draws a rotation: the rational parametrisation of a quarter circle, turned by 0 to 3 quarters. */
export function drawRotation(random: Random): Rotation {
  const t = random.uniform();
  const cos = (1 - t * t) / (1 + t * t);
  const sin = (2 * t) / (1 + t * t);
  const turns: Rotation[] = [
    { cos, sin },
    { cos: -sin, sin: cos },
    { cos: -cos, sin: -sin },
    { cos: sin, sin: -cos },
  ];
  return turns[random.int(4)]!;
}

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** Bell-shaped with mean 0 and standard deviation 1, within ±3.5: a sum of four uniform numbers (Irwin–Hall). */
export function bell(random: Random): number {
  return (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * ROOT_3;
}

const ROOT_3 = 1.7320508075688772;
