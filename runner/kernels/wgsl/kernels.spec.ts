import { describe, expect, it } from 'vitest';
import { startEngine } from '../../engines/engine.js';
import { argmaxLabels, batchNorm, conv2d, crossEntropy, maxPool, resizeBilinear } from '../../operations/index.js';
import { readValues } from '../../operations/read-back.js';
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { enginesUnderTest } from '../../testing/engines.js';
import { hashed } from '../../testing/hashed.js';

/** Larger sizes than in PyTorch's fixtures: several tiles, sums in parts, more pixels than threads. */
const CASES: [string, number[][], (...x: tf.Tensor[]) => tf.Tensor][] = [
  [
    'conv2d, several tiles in both directions',
    [
      [1, 12, 11, 68],
      [3, 3, 68, 70],
    ],
    conv({ padding: 1 }),
  ],
  [
    'conv2d, a long sum in parts',
    [
      [2, 40, 41, 4],
      [3, 3, 4, 8],
    ],
    conv({ padding: 2, dilation: 2 }),
  ],
  [
    'conv2d, few channels in tall tiles',
    [
      [2, 33, 34, 3],
      [3, 3, 3, 20],
    ],
    conv({ padding: 1, stride: 2 }),
  ],
  ['batchNorm, many rows', [[2, 60, 61, 12], [12], [12]], norm],
  ['maxPool', [[2, 31, 30, 16]], (x) => maxPool(x as tf.Tensor4D, { size: 3, stride: 2, padding: 1 })],
  ['resizeBilinear, up', [[1, 9, 8, 5]], (x) => resizeBilinear(x as tf.Tensor4D, [71, 64])],
  ['resizeBilinear, down', [[1, 71, 64, 5]], (x) => resizeBilinear(x as tf.Tensor4D, [9, 8])],
  [
    'crossEntropy, several pixels per thread',
    [[1, 270, 260, 3]],
    (x) => crossEntropy(x as tf.Tensor4D, stripes([1, 270, 260], 3)),
  ],
];

function conv(options: { padding?: number; dilation?: number; stride?: number }) {
  return (x: tf.Tensor, filter: tf.Tensor) => conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, options);
}

function norm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  const statistics = { runningMean: tf.variable(tf.zeros([12])), runningVariance: tf.variable(tf.ones([12])) };
  const parameters = { scale: scale as tf.Tensor1D, offset: offset as tf.Tensor1D, ...statistics };
  return batchNorm(x.add(5) as tf.Tensor4D, parameters, { training: true, activation: 'leakyRelu' });
}

/** Labels that cycle through the classes; every seventh pixel is ignored. */
function stripes(shape: [number, number, number], classes: number): tf.Tensor3D {
  const labels = Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (i % 7 === 0 ? 255 : i % classes));
  return tf.tensor3d(labels, shape, 'int32');
}

/** The value and the gradient with respect to every input, computed on an engine. */
async function results(engine: 'wasm' | 'webgpu', shapes: number[][], operation: (...x: tf.Tensor[]) => tf.Tensor) {
  await startEngine(engine);
  tf.engine().startScope();
  try {
    const inputs = shapes.map((shape, i) => hashed(31 + i, shape));
    const y = operation(...inputs);
    const upstream = hashed(41, y.shape);
    const gradients = tf.grads((...x: tf.Tensor[]) =>
      operation(...x)
        .mul(upstream)
        .sum(),
    )(inputs);
    const values: number[][] = [];
    for (const tensor of [y, ...gradients]) values.push([...(await readValues(tensor))]);
    return values;
  } finally {
    tf.engine().endScope();
    tf.disposeVariables();
  }
}

describe.skipIf(!enginesUnderTest().includes('webgpu'))("the webgpu engine's own kernels", () => {
  it.each(CASES)('agree with those of wasm: %s', async (_, shapes, operation) => {
    const expected = await results('wasm', shapes, operation);
    const actual = await results('webgpu', shapes, operation);
    for (const [i, values] of expected.entries()) expectClose(actual[i]!, values, i === 0 ? 'y' : `gradient ${i}`);
  });

  it('choose the first of equal logits for any number of classes', async () => {
    await startEngine('webgpu');
    const equal = argmaxLabels(tf.ones([1, 1, 2, 40]));
    expect([...(await readValues(equal))]).toEqual([0, 0]);
  });

  it('make the loss NaN for a label that is not a class, because a GPU cannot throw', async () => {
    await startEngine('webgpu');
    const labels = tf.tensor3d([0, 7], [1, 1, 2], 'int32');
    const { value, grad } = tf.valueAndGrad((x) => crossEntropy(x as tf.Tensor4D, labels))(hashed(1, [1, 1, 2, 3]));
    expect([...(await readValues(value))]).toEqual([Number.NaN]);
    expect((await readValues(grad)).map((slope) => Number(Number.isNaN(slope)))).toEqual(
      Float32Array.from([0, 0, 0, 1, 1, 1]),
    );
  });
});
