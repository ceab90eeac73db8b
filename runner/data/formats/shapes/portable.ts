import type { Random } from '../../../random/random.js';

/**
 * Random geometry from +, -, x, / and square roots alone, which IEEE 754 rounds alike everywhere; sine, cosine and
 * logarithm may differ in their last bit between machines, and one bit can move a pixel to another class.
 */

export interface Rotation {
  cos: number;
  sin: number;
}

/** A rotation drawn from the whole circle: the rational parametrisation of a quarter, turned by 0 to 3 quarters. */
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

/** Bell-shaped, mean 0, standard deviation 1, within ±3.5: the sum of four uniform numbers (Irwin–Hall). */
export function bell(random: Random): number {
  return (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) * ROOT_3;
}

const ROOT_3 = 1.7320508075688772;
