import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readValues } from '../../operations/read-back.js';
import { tf } from '../../operations/tf.js';
import { tinyEngine } from '../../testing/tiny.js';
import { agreement } from './agreement.js';
import { decidedShare } from './confident-labels.js';
import { squaredDifference } from './squared-difference.js';

beforeAll(async () => {
  await tinyEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

it('measures the distance of probability maps of the size of a step', async () => {
  const shape: [number, number, number, number] = [4, 384, 384, 19];
  const maps = [3, 4].map((seed) => tf.softmax(tf.randomUniform<tf.Rank.R4>(shape, 0, 2, 'float32', seed)));
  const [mine, target] = maps as [tf.Tensor4D, tf.Tensor4D];
  const values = [await readValues(mine), await readValues(target)] as const;
  const sum = values[0].reduce((total, value, i) => total + (value - values[1][i]!) ** 2, 0);
  const [found] = await readValues(squaredDifference(mine, target));
  expect(Math.abs((found! * 4 * 384 * 384) / sum - 1)).toBeLessThan(1e-5);
});

it('measures shares of more pixels than float32 can count', async () => {
  // Without the last image, 2^24 pixels: in float32, the count does not grow from there.
  const shape: [number, number, number] = [17, 1024, 1024];
  const labels = tf.ones<tf.Rank.R3>(shape, 'int32');
  expect([...(await readValues(agreement(labels, labels)))]).toEqual([1]);
  expect([...(await readValues(decidedShare(labels)))]).toEqual([1]);
});

it('no method adds up all values of a tensor with TensorFlow.js', () => {
  const folder = join(import.meta.dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.spec)\.ts$/.test(file),
  );
  expect(files).toContain(join('methods', 'gct.ts'));
  // A sum over given axes, which are the second argument, is short.
  const long = /tf\.(?:mean|sum)\((?![^;]*, (?:\d|\[))|\.(?:mean|sum)\(\)/;
  expect('tf.mean(tf.squaredDifference(mine, target))').toMatch(long);
  expect('tf.sum(tf.abs(difference), 3, true)').not.toMatch(long);
  expect(files.filter((file) => long.test(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
});
