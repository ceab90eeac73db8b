import type { Random } from '../../random/random.js';
import { between, drawRotation } from './portable.js';

/** Writes nothing, knows nothing of outlines: the colour at a point, as three channels from 0 to 255. */
export type Texture = (x: number, y: number, channel: number) => number;

/** The share of the second colour at a point, 0 to 1. */
type Pattern = (x: number, y: number) => number;

const PATTERNS: readonly ((random: Random) => Pattern)[] = [plain, stripes, checks, gradient, noise];
const NOISE_LATTICE = 8;

/** A pattern of two colours. Neither pattern nor colours depend on the class, so that only the outline tells it. */
export function drawTexture(random: Random): Texture {
  const pattern = PATTERNS[random.int(PATTERNS.length)]!(random);
  const first = drawColor(random);
  const second = drawColor(random);
  return (x, y, channel) => first[channel]! + (second[channel]! - first[channel]!) * pattern(x, y);
}

function drawColor(random: Random): [number, number, number] {
  return [between(random, 25, 230), between(random, 25, 230), between(random, 25, 230)];
}

function plain(): Pattern {
  return () => 0;
}

function stripes(random: Random): Pattern {
  const { cos, sin } = drawRotation(random);
  const period = between(random, 4, 9);
  const phase = random.uniform();
  return (x, y) => triangleWave((cos * x + sin * y) / period + phase);
}

function checks(random: Random): Pattern {
  const { cos, sin } = drawRotation(random);
  const side = between(random, 2.5, 6);
  const phase = random.uniform();
  return (x, y) => (Math.floor((cos * x + sin * y) / side + phase) + Math.floor((cos * y - sin * x) / side)) & 1;
}

function gradient(random: Random): Pattern {
  const { cos, sin } = drawRotation(random);
  const length = between(random, 20, 50);
  const phase = random.uniform();
  return (x, y) => triangleWave((cos * x + sin * y) / (2 * length) + phase);
}

/** Value noise: a lattice of random numbers, bilinear between them. */
function noise(random: Random): Pattern {
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
