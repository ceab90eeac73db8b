import { describe, expect, it } from 'vitest';
import { startEngine } from '../engines/engine.js';
import { enginesUnderTest } from '../testing/engines.js';
import { readValues } from './read-back.js';
import { tf } from './tf.js';

describe.each(enginesUnderTest())('readValues on %s', (name) => {
  it('returns values that the engine does not share', async () => {
    await startEngine(name);
    const given = tf.tensor1d([1, 2]);
    const computed = given.add(1);
    for (const [tensor, expected] of [
      [given, [1, 2]],
      [computed, [2, 3]],
    ] as const) {
      (await readValues(tensor)).fill(9);
      expect([...(await readValues(tensor))]).toEqual(expected);
    }
    tf.dispose([given, computed]);
  });
});
