import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { computationsUnderTest } from '../testing/engines.js';
import { channelSum, mean } from './index.js';
import { readValues } from './read-back.js';
import { tf } from './tf.js';

/** Probability maps of the size of a training step: a large crop, and the batch of a small one. */
const SIZES = [
  [1, 384, 384, 19],
  [16, 128, 128, 21],
];

/** As squared differences of probabilities are: all positive, most of them small. */
function squares(size: number): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0, state = 1; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 32) ** 4;
  }
  return values;
}

describe.each(computationsUnderTest())('long sums on %s', (_, start) => {
  beforeAll(async () => {
    await start();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it.each(SIZES)('mean loses nothing of %i x %i x %i x %i values', async (...shape) => {
    const values = squares(tf.util.sizeFromShape(shape));
    const expected = values.reduce((sum, value) => sum + value, 0) / values.length;
    const [found] = await readValues(mean(tf.tensor(values, shape)));
    expect(Math.abs(found! / expected - 1)).toBeLessThan(1e-6);
  });

  it('mean counts exactly', async () => {
    const values = new Float32Array(16 * 300 * 300);
    for (let i = 0; i < values.length; i++) values[i] = i % 7 < 3 ? 1 : 0;
    const count = values.reduce((sum, value) => sum + value, 0);
    const [found] = await readValues(mean(tf.tensor(values, [16, 300, 300])));
    expect(Math.abs(found! / (count / values.length) - 1)).toBeLessThan(2 ** -23);
  });

  it('mean counts where a condition holds', async () => {
    const x = tf.tensor1d([3, 1, 4, 1, 5, 9, 2, 6]);
    const integers = tf.tensor1d([3, 1, 4, 1, 5, 9, 2, 6], 'int32');
    const shares = [tf.greater(x, 3), tf.equal(integers, tf.onesLike(integers))].map((holds) =>
      tf.cast(holds, 'float32'),
    );
    for (const [i, share] of [0.5, 0.25].entries()) expect([...(await readValues(mean(shares[i]!)))]).toEqual([share]);
    expect([...(await readValues(mean(tf.cast(integers, 'float32'))))]).toEqual([31 / 8]);
  });

  it.each([1, 2, 63, 64, 65, 1000])('mean takes %i values', async (size) => {
    const values = squares(size);
    const expected = values.reduce((sum, value) => sum + value, 0) / size;
    const [found] = await readValues(mean(tf.tensor1d(values)));
    expect(Math.abs(found! - expected)).toBeLessThan(1e-6);
    expect(mean(tf.tensor1d(values)).shape).toEqual([]);
  });

  it('mean is NaN or infinite if a value is', async () => {
    const values = squares(1000);
    values[500] = Number.POSITIVE_INFINITY;
    expect([...(await readValues(mean(tf.tensor1d(values))))]).toEqual([Number.POSITIVE_INFINITY]);
    values[501] = Number.NaN;
    expect([...(await readValues(mean(tf.tensor1d(values))))]).toEqual([Number.NaN]);
  });

  it('mean has the gradient of tf.mean, to the last digit', async () => {
    const x = tf.tensor4d(squares(2 * 7 * 5 * 3), [2, 7, 5, 3]);
    const gradientOf = (average: (x: tf.Tensor) => tf.Tensor) => tf.grad((x) => average(tf.square(x)).mul(0.3))(x);
    const [own, theirs] = [await readValues(gradientOf(mean)), await readValues(gradientOf((x) => tf.mean(x)))];
    expect([...own]).toEqual([...theirs]);
  });

  it.each([8, 21])('channelSum loses nothing of %i channels of a large batch', async (channels) => {
    const values = squares(4 * 128 * 128 * channels);
    const expected = new Float64Array(channels);
    for (const [i, value] of values.entries()) expected[i % channels]! += value;
    const found = await readValues(channelSum(tf.tensor4d(values, [4, 128, 128, channels])));
    expect(found).toHaveLength(channels);
    for (const [c, sum] of expected.entries()) expect(Math.abs(found[c]! / sum - 1)).toBeLessThan(1e-6);
  });
});
