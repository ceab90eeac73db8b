import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectClose } from '../testing/closeness.js';
import { computationsUnderTest } from '../testing/engines.js';
import { hashed } from '../testing/hashed.js';
import fixtures from './fixtures/operations.json' with { type: 'json' };
import {
  type Activation,
  addRelu,
  applyAdam,
  applySgd,
  argmaxLabels,
  batchNorm,
  clipGradients,
  conv2d,
  crossEntropy,
  hardPixels,
  maxPool,
  meanPool,
  resizeBilinear,
} from './index.js';
import { readValues } from './read-back.js';
import { tf } from './tf.js';

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** The value, and the gradients of sum(value * upstream) with respect to every input. */
function differentiate(operation: Operation, inputs: tf.Tensor[], upstream: tf.Tensor) {
  const y = operation(...inputs);
  const gradients = tf.grads((...x: tf.Tensor[]) =>
    operation(...x)
      .mul(upstream)
      .sum(),
  )(inputs);
  return { y, gradients };
}

/** Running statistics for batchNorm. They are disposed of with the scope of the test. */
function running(seed: number, channels: number) {
  return {
    runningMean: tf.variable(hashed(seed + 3, [channels]), false),
    runningVariance: tf.variable(hashed(seed + 4, [channels]).add(1.5), false),
  };
}

describe.each(computationsUnderTest())('operations on %s agree with PyTorch', (_, start) => {
  beforeAll(async () => {
    await start();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
  afterAll(() => tf.disposeVariables());

  it.each(fixtures.conv2d)(
    'conv2d of $shape, kernel $kernel, $options',
    async ({ seed, shape, kernel, outputs, ...c }) => {
      const x = hashed<tf.Tensor4D>(seed, shape);
      const filter = hashed<tf.Tensor4D>(seed + 1, [kernel, kernel, shape[3]!, outputs]);
      const operation: Operation = (x, filter) => conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, c.options);
      const { y, gradients } = differentiate(operation, [x, filter], hashed(seed + 2, operation(x, filter).shape));
      expectClose(await readValues(y), c.y, 'y');
      expectClose(await readValues(gradients[0]!), c.dx, 'dx');
      expectClose(await readValues(gradients[1]!), c.dFilter, 'dFilter');
      const ofFilter = (f: tf.Tensor) => conv2d(x, f as tf.Tensor4D, c.options);
      const alone = differentiate(ofFilter, [filter], hashed(seed + 2, y.shape)).gradients[0]!;
      expectClose(await readValues(alone), c.dFilter, 'dFilter alone');
    },
  );

  it.each(fixtures.batchNorm)('batchNorm of $shape around $mean, $options', async ({ seed, shape, mean, ...c }) => {
    const channels = shape[3]!;
    const x = hashed<tf.Tensor4D>(seed, shape, 2).add(mean);
    const [scale, offset] = [hashed<tf.Tensor1D>(seed + 1, [channels]), hashed<tf.Tensor1D>(seed + 2, [channels])];
    const options = c.options as { training: boolean; activation: Activation };
    const moving = running(seed, channels);
    batchNorm(x as tf.Tensor4D, { scale, offset, ...moving }, options);
    expectClose(await readValues(moving.runningMean), c.runningMean, 'running mean');
    expectClose(await readValues(moving.runningVariance), c.runningVariance, 'running variance');
    const operation: Operation = (x, scale, offset) =>
      batchNorm(
        x as tf.Tensor4D,
        { scale: scale as tf.Tensor1D, offset: offset as tf.Tensor1D, ...running(seed, channels) },
        options,
      );
    const { y, gradients } = differentiate(operation, [x, scale, offset], hashed(seed + 5, shape));
    expectClose(await readValues(y), c.y, 'y');
    for (const [index, key] of (['dx', 'dScale', 'dOffset'] as const).entries()) {
      expectClose(await readValues(gradients[index]!), c[key], key);
    }
  });

  it('batchNorm refuses a single value per channel', () => {
    const p = { scale: tf.ones([4]) as tf.Tensor1D, offset: tf.zeros([4]) as tf.Tensor1D, ...running(1, 4) };
    expect(() => batchNorm(tf.ones([1, 1, 1, 4]), p, { training: true })).toThrow(/at least 2 values per channel/);
  });

  it('preserve NaN, so that the loss reveals a broken network', async () => {
    const broken = tf.tensor4d([1, 2, Number.NaN, -4, 5, 6, 7, 8, -1, -2, -3, -4], [1, 1, 3, 4]);
    const sound = tf.ones<tf.Rank.R4>([1, 1, 3, 4]);
    const statistics = {
      runningMean: tf.variable(tf.zeros([4]), false),
      runningVariance: tf.variable(tf.ones([4]), false),
    };
    const scaling = { scale: tf.ones<tf.Rank.R1>([4]), offset: tf.zeros<tf.Rank.R1>([4]), ...statistics };
    const isNan = async (tensor: tf.Tensor) => [...(await readValues(tensor))].some(Number.isNaN);
    expect(await isNan(addRelu(broken, sound)), 'addRelu').toBe(true);
    expect(await isNan(addRelu(sound, broken)), 'addRelu of the other').toBe(true);
    expect(await isNan(batchNorm(broken, scaling, { training: true, activation: 'relu' })), 'batchNorm').toBe(true);
    expect(await isNan(batchNorm(broken, scaling, { training: false, activation: 'relu' })), 'norm').toBe(true);
    const labels = tf.tensor3d([0, 1, 3], [1, 1, 3], 'int32');
    expect(await isNan(crossEntropy(broken, labels)), 'crossEntropy').toBe(true);
  });

  it.each(fixtures.maxPool)('maxPool of $shape, $options', async ({ seed, shape, options, ...c }) => {
    const x = tf.relu(hashed<tf.Tensor4D>(seed, shape));
    const operation: Operation = (x) => maxPool(x as tf.Tensor4D, options);
    const { y, gradients } = differentiate(operation, [x], hashed(seed + 1, operation(x).shape));
    expectClose(await readValues(y), c.y, 'y');
    expectClose(await readValues(gradients[0]!), c.dx, 'dx');
  });

  it.each(fixtures.meanPool)('meanPool of $shape, stride $stride', async ({ seed, shape, stride, ...c }) => {
    const x = hashed<tf.Tensor4D>(seed, shape);
    const operation: Operation = (x) => meanPool(x as tf.Tensor4D, stride as 1 | 2);
    const { y, gradients } = differentiate(operation, [x], hashed(seed + 1, operation(x).shape));
    expectClose(await readValues(y), c.y, 'y');
    expectClose(await readValues(gradients[0]!), c.dx, 'dx');
  });

  it.each(fixtures.resizeBilinear)('resizeBilinear of $shape to $size', async ({ seed, shape, size, ...c }) => {
    const operation: Operation = (x) => resizeBilinear(x as tf.Tensor4D, size as [number, number]);
    const x = hashed<tf.Tensor4D>(seed, shape);
    const { y, gradients } = differentiate(operation, [x], hashed(seed + 1, operation(x).shape));
    expectClose(await readValues(y), c.y, 'y');
    expectClose(await readValues(gradients[0]!), c.dx, 'dx');
  });

  it.each(fixtures.crossEntropy)(
    'crossEntropy of $shape, logits up to $scale',
    async ({ seed, shape, scale, ...c }) => {
      const logits = hashed<tf.Tensor4D>(seed, shape, scale);
      const labels = tf.tensor3d(c.labels, shape.slice(0, 3) as [number, number, number], 'int32');
      const { y, gradients } = differentiate((x) => crossEntropy(x as tf.Tensor4D, labels), [logits], tf.scalar(1));
      expectClose(await readValues(y), [c.loss], 'loss');
      expectClose(await readValues(gradients[0]!), c.dLogits, 'dLogits');
      expect(argmaxLabels(logits).dtype).toBe('int32');
      expect([...(await readValues(argmaxLabels(logits)))]).toEqual(c.argmax);
    },
  );

  it('crossEntropy and its gradient are 0 if all pixels are ignored, whatever the logits', async () => {
    const logits = hashed<tf.Tensor4D>(1, [2, 3, 3, 7], 1000);
    const labels = tf.fill([2, 3, 3], 255, 'int32') as tf.Tensor3D;
    const { y, gradients } = differentiate((x) => crossEntropy(x as tf.Tensor4D, labels), [logits], tf.scalar(1));
    expect((await readValues(y))[0]).toBe(0);
    expect((await readValues(gradients[0]!)).every((slope) => slope === 0)).toBe(true);
  });

  it('crossEntropy skips ignored pixels: their logits do not change the loss', async () => {
    const logits = hashed<tf.Tensor4D>(1, [1, 2, 3, 4], 2);
    const labels = tf.tensor3d([0, 255, 3, 255, 2, 1], [1, 2, 3], 'int32');
    const [some] = await readValues(crossEntropy(logits, labels));
    const counted = logits.reshape([6, 4]).gather([0, 2, 4, 5]).reshape([1, 1, 4, 4]) as tf.Tensor4D;
    const [alone] = await readValues(crossEntropy(counted, tf.tensor3d([0, 3, 2, 1], [1, 1, 4], 'int32')));
    expect(some).toBeCloseTo(alone!, 6);
  });

  it.each(fixtures.ohem)(
    'OHEM of $shape, threshold $threshold, at least $keep',
    async ({ seed, shape, scale, ...c }) => {
      const logits = hashed<tf.Tensor4D>(seed, shape, scale);
      const labels = tf.tensor3d(c.labels, shape.slice(0, 3) as [number, number, number], 'int32');
      const hard = hardPixels(logits, labels, c);
      expect(hard.dtype).toBe('int32');
      expect([...(await readValues(hard))]).toEqual(c.kept);
      const operation: Operation = (x) => crossEntropy(x as tf.Tensor4D, hardPixels(x as tf.Tensor4D, labels, c));
      const { y, gradients } = differentiate(operation, [logits], tf.scalar(1));
      expectClose(await readValues(y), [c.loss], 'loss');
      expectClose(await readValues(gradients[0]!), c.dLogits, 'dLogits');
    },
  );

  it('OHEM keeps all pixels that are as probable as the last one to keep, and preserves NaN', async () => {
    const labels = tf.tensor3d([0, 0, 0, 0], [1, 2, 2], 'int32');
    const equal = tf.tensor4d([3, 0, 2, 0, 2, 0, 2, 0], [1, 2, 2, 2]);
    expect([...(await readValues(hardPixels(equal, labels, { threshold: 0.5, keep: 1 })))]).toEqual([255, 0, 0, 0]);
    const broken = tf.tensor4d([3, 0, Number.NaN, 0, 2, 0, 2, 0], [1, 2, 2, 2]);
    const [loss] = await readValues(crossEntropy(broken, hardPixels(broken, labels, { threshold: 0.5, keep: 1 })));
    expect(loss).toBeNaN();
  });

  it.each(fixtures.applySgd)('applySgd, three steps of $size values', async ({ seed, size, options, ...c }) => {
    const variable = tf.variable(hashed(seed, [size]));
    const velocity = tf.variable(tf.zeros([size]), false);
    const before = variable.clone();
    for (const step of [1, 2, 3]) applySgd(variable, hashed(seed + step, [size]), velocity, options);
    expectClose(await readValues(variable), c.w, 'variable');
    expectClose(await readValues(velocity), c.velocity, 'velocity');
    expectClose(await readValues(before), [...hashed(seed, [size]).dataSync()], 'a clone taken before the steps');
  });

  it.each(fixtures.applyAdam)(
    'applyAdam, three steps of $size values, $options',
    async ({ seed, size, options, ...c }) => {
      const variable = tf.variable(hashed(seed, [size]));
      const [mean, square] = [0, 1].map(() => tf.variable(tf.zeros([size]), false)) as [tf.Variable, tf.Variable];
      const betas = options.betas as [number, number];
      for (const step of [1, 2, 3]) {
        applyAdam(variable, hashed(seed + step, [size]), { mean, square }, step, { ...options, betas });
      }
      expectClose(await readValues(variable), c.w, 'variable');
      expectClose(await readValues(mean), c.mean, 'mean of the gradients');
      expectClose(await readValues(square), c.square, 'mean of their squares');
    },
  );

  it.each(fixtures.clipGradients)('clipGradients to a norm of $largest', async ({ seed, largest, norm, clipped }) => {
    const shapes = [[37], [2, 3, 4], [1]];
    const gradients: tf.NamedTensorMap = Object.fromEntries(shapes.map((shape, i) => [i, hashed(seed + i, shape)]));
    gradients.another = hashed(1, [5]);
    const found = clipGradients(gradients, ['0', '1', '2', 'without'], largest);
    expectClose(await readValues(found!), [norm], 'norm');
    for (const [i, values] of clipped.entries()) expectClose(await readValues(gradients[i]!), values, `gradient ${i}`);
    expect([...(await readValues(gradients.another))]).toEqual([...hashed(1, [5]).dataSync()]);
    expect(clipGradients(gradients, ['without'], largest)).toBe(null);
  });

  it('clipGradients takes as many variables as a network has', async () => {
    const names = Array.from({ length: 40 }, (_, i) => String(i));
    const gradients: tf.NamedTensorMap = Object.fromEntries(names.map((name) => [name, tf.fill([9], 2)]));
    expectClose(await readValues(clipGradients(gradients, names, 1)!), [2 * Math.sqrt(360)], 'norm');
    expectClose(await readValues(gradients['39']!), new Array(9).fill(1 / Math.sqrt(360)), 'a clipped gradient');
  });
});
