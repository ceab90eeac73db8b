import type { Random } from '../../../random/random.js';
import { between, drawRotation } from './portable.js';

/** The share of a texture's second colour at a point in pixels, 0 to 1. */
export type Pattern = (x: number, y: number) => number;

const NOISE_LATTICE = 8;

export function plain(): Pattern {
  return () => 0;
}

export function stripes(random: Random): Pattern {
  const { cos, sin } = drawRotation(random);
  const period = between(random, 5, 10);
  const phase = random.uniform();
  return (x, y) => triangleWave((cos * x + sin * y) / period + phase);
}

export function checks(random: Random): Pattern {
  const { cos, sin } = drawRotation(random);
  const side = between(random, 3.5, 7);
  const phase = random.uniform();
  return (x, y) => (Math.floor((cos * x + sin * y) / side + phase) + Math.floor((cos * y - sin * x) / side)) & 1;
}

export function gradient(random: Random): Pattern {
  const { cos, sin } = drawRotation(random);
  const length = between(random, 20, 50);
  const phase = random.uniform();
  return (x, y) => triangleWave((cos * x + sin * y) / (2 * length) + phase);
}

/** Value noise: a lattice of random numbers with bilinear interpolation. */
export function noise(random: Random): Pattern {
  const lattice = Array.from({ length: NOISE_LATTICE * NOISE_LATTICE }, () => random.uniform());
  const cell = between(random, 3, 10);
  const at = (column: number, row: number): number =>
    lattice[(row & (NOISE_LATTICE - 1)) * NOISE_LATTICE + (column & (NOISE_LATTICE - 1))]!;
  return (x, y) => {
    const column = Math.floor(x / cell);
    const row = Math.floor(y / cell);
    const across = x / cell - column;
    const down = y / cell - row;
    const above = at(column, row) + (at(column + 1, row) - at(column, row)) * across;
    const below = at(column, row + 1) + (at(column + 1, row + 1) - at(column, row + 1)) * across;
    return above + (below - above) * down;
  };
}

/** 0 to 1 and back over one period. */
function triangleWave(position: number): number {
  return Math.abs(2 * (position - Math.floor(position)) - 1);
}
