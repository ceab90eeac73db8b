import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engines/engine.js';
import { tf } from '../operations/tf.js';
import { hashed } from '../testing/hashed.js';
import { supervisedLoss } from './losses.js';

const LOSSES = [{ name: 'cross_entropy' }, { name: 'ohem', threshold: 0.3, keep: 2 }] as const;

describe.each(LOSSES)('the loss $name of groups of images', (loss) => {
  let logits: tf.Tensor4D;
  let labels: tf.Tensor3D;

  beforeAll(async () => {
    await startEngine('wasm');
    logits = hashed<tf.Tensor4D>(1, [4, 3, 3, 5], 3);
    labels = tf.tensor3d(
      Int32Array.from({ length: 36 }, (_, i) => (i < 8 ? 255 : i % 5)),
      [4, 3, 3],
      'int32',
    );
  });

  const value = (imagesPerGroup: number | null, from = 0, count = 4, of = labels) =>
    tf.tidy(() => {
      const some = logits.slice(from, count) as tf.Tensor4D;
      return supervisedLoss({ ...loss, imagesPerGroup }, some, of.slice(from, count) as tf.Tensor3D).dataSync()[0]!;
    });

  it('is the mean of their losses, whatever the number of labelled pixels', () => {
    expect(value(2)).toBeCloseTo((value(null, 0, 2) + value(null, 2, 2)) / 2, 6);
    const alone = [0, 1, 2, 3].map((i) => value(null, i, 1));
    expect(value(1)).toBeCloseTo(alone.reduce((sum, each) => sum + each) / 4, 6);
    expect(value(4)).toBe(value(null));
    expect(Math.abs(value(1) - value(null))).toBeGreaterThan(0.01);
  });

  it('has the gradient of the whole batch if there is one group', () => {
    const gradient = (imagesPerGroup: number | null) =>
      tf
        .grad((of) => supervisedLoss({ ...loss, imagesPerGroup }, of as tf.Tensor4D, labels))(logits)
        .dataSync();
    expect(gradient(4)).toEqual(gradient(null));
  });

  it('is 0 for a group without labels', () => {
    const half = tf.concat([tf.fill([2, 3, 3], 255, 'int32'), labels.slice(2)]) as tf.Tensor3D;
    expect(value(2, 0, 4, half)).toBeCloseTo(value(null, 2, 2) / 2, 6);
  });

  it('refuses a batch that has no whole number of groups', () => {
    expect(() => value(3)).toThrow('loss.imagesPerGroup is 3, which does not divide a batch of 4 images');
  });
});
