import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../engines/engine.js';
import { tf } from '../../../operations/tf.js';
import { guidance } from './flaw-maps.js';

const SIDE = 32;

beforeAll(async () => {
  await startEngine('wasm');
});

/** A map with a value for each column. */
function columns(at: (column: number) => number): tf.Tensor4D {
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, index) => at(index % SIDE));
  return tf.tensor4d(values, [1, SIDE, SIDE, 1]);
}

describe('guidance, where a network has hardly any flaws', () => {
  it.each([
    ['corrected', 'flawless', 0.25],
    // (0 - 0.02) / (0.08 - 0.02) is less than the other network's 0.
    ['original', 'less wrong than the other', 0.75],
  ] as const)('%s: it is %s', (flawMaps, _, expected) => {
    tf.engine().startScope();
    const mine = tf.fill([1, SIDE, SIDE, 2], 0.25) as tf.Tensor4D;
    const others = tf.fill([1, SIDE, SIDE, 2], 0.75) as tf.Tensor4D;
    const myFlaws = columns((column) => (column < SIDE / 2 ? 0 : 1));
    const otherFlaws = columns((column) => 0.02 + (0.06 * column) / (SIDE - 1));
    const target = guidance(mine, others, myFlaws, otherFlaws, { threshold: 0.6, flawMaps }).target.dataSync();
    tf.engine().endScope();
    expect(target[0]).toBe(expected);
    // Where this network is wrong, the other one is less wrong in either case.
    expect(target[2 * (SIDE - 1)]).toBe(0.75);
  });
});
