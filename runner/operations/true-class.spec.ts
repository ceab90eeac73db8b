import { describe, expect, it } from 'vitest';
import { startEngine } from '../engines/engine.js';
import { hasNativeKernels } from '../kernels/wasm/native-kernels.js';
import { hashed } from '../testing/hashed.js';
import { DEFAULT_ENGINE_OPTIONS } from '../tracking/engine.js';
import { fromGradient, trueClassProbability } from './hard-pixels.js';
import { hasOwn } from './own-kernels.js';
import { readValues } from './read-back.js';
import { tf } from './tf.js';

const SETS = hasNativeKernels() ? (['native', 'simd'] as const) : (['simd'] as const);
const SHAPE = [2, 37, 61] as const;

const bits = async (tensor: tf.Tensor) => [...new Uint32Array((await readValues(tensor)).buffer)];

/** Labels that cycle through the classes; some pixels are ignored. */
function labelsOf(classes: number): tf.Tensor3D {
  const size = SHAPE[0] * SHAPE[1] * SHAPE[2];
  return tf.tensor3d(
    Int32Array.from({ length: size }, (_, i) => (i % 11 === 0 ? 255 : (7 * i) % classes)),
    [...SHAPE],
    'int32',
  );
}

describe.each(SETS)('the probability of the true class, with the %s kernels of wasm', (kernels) => {
  it.each([2, 5, 21])('has the digits that the gradient gives it: %d classes', async (classes) => {
    await startEngine('wasm', { ...DEFAULT_ENGINE_OPTIONS, kernels });
    const logits = hashed(3, [...SHAPE, classes], 8) as tf.Tensor4D;
    const labels = labelsOf(classes);
    expect(hasOwn('trueClass')).toBe(true);
    const fused = await bits(trueClassProbability(logits, labels));
    expect(fused).toEqual(await bits(fromGradient(logits, labels, 255)));
    expect(new Set(fused).size).toBeGreaterThan(1000);
    tf.dispose([logits, labels]);
  });

  it('is 1 where nothing is labelled, and refuses a label that is not a class', async () => {
    await startEngine('wasm', { ...DEFAULT_ENGINE_OPTIONS, kernels });
    const logits = hashed(3, [1, 1, 3, 4], 8) as tf.Tensor4D;
    const ignored = tf.fill<tf.Rank.R3>([1, 1, 3], 255, 'int32');
    expect([...(await readValues(trueClassProbability(logits, ignored)))]).toEqual([1, 1, 1]);
    const wrong = tf.tensor3d([0, 9, 1], [1, 1, 3], 'int32');
    expect(() => trueClassProbability(logits, wrong)).toThrow(
      'trueClass: 1 labels are neither classes (0 to 3) nor 255',
    );
  });
});
