import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../../schema/run-config.js';
import { crossEntropy, diceLoss, lovaszLoss } from '../../operations/index.js';
import { readValues } from '../../operations/read-back.js';
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { computationsUnderTest } from '../../testing/engines.js';
import { hashed } from '../../testing/hashed.js';
import { branchFactors } from './class-factors.js';
import fixture from './fixtures/losses.json' with { type: 'json' };
import { type LossPlan, lossParts } from './loss-parts.js';

/** Of float32 against PyTorch's float64. */
const TOLERANCE = 1e-5;

type Case = Pick<RunConfig, 'loss'> & {
  about: string;
  balance: NonNullable<RunConfig['balance']>;
  total: number;
  parts: Record<string, number>;
  dLogits: number[];
};

const [count, height, width] = fixture.shape as [number, number, number, number];
const { pixels } = fixture;

const probabilitiesOf = (x: tf.Tensor) => tf.softmax(x) as tf.Tensor4D;
/** Each loss as a function of logits. */
const LOSSES: [string, (logits: tf.Tensor, labels: tf.Tensor3D) => tf.Scalar][] = [
  ['a weighted cross-entropy', (x, y) => crossEntropy(x as tf.Tensor4D, y, { weights: [1, 2, 0.5, 4, 3] })],
  ['focal', (x, y) => crossEntropy(x as tf.Tensor4D, y, { gamma: 2 })],
  ['Dice', (x, y) => diceLoss(probabilitiesOf(x), y)],
  ['Lovász', (x, y) => lovaszLoss(probabilitiesOf(x), y)],
];

describe.each(computationsUnderTest())('losses for rare classes on %s', (_, start) => {
  let logits: tf.Tensor4D;
  let labels: tf.Tensor3D;

  beforeAll(async () => {
    await start();
  });
  beforeEach(() => {
    tf.engine().startScope();
    logits = hashed<tf.Tensor4D>(fixture.seed, fixture.shape, fixture.scale);
    labels = tf.tensor3d(fixture.labels, [count, height, width], 'int32');
  });
  afterEach(() => tf.engine().endScope());

  it.each(fixture.cases as unknown as Case[])(
    'agree with PyTorch: $about',
    async ({ loss, balance, total, parts, dLogits }) => {
      const plan: LossPlan = { loss, losses: balance.losses, classes: branchFactors(balance, pixels).onLabels };
      const found = lossParts(plan, logits, labels);
      expect(Object.keys(found.parts)).toEqual(Object.keys(parts));
      expectClose(await readValues(found.total), [total], 'total', TOLERANCE);
      for (const [name, value] of Object.entries(parts)) {
        expectClose(await readValues(found.parts[name]!), [value], name, TOLERANCE);
      }
      const gradient = tf.grad((x) => lossParts(plan, x as tf.Tensor4D, labels).total)(logits);
      expectClose(await readValues(gradient), dLogits, 'gradient', TOLERANCE);
    },
  );

  it.each(LOSSES)('%s is 0 with gradient 0 if all pixels are ignored, whatever the logits', async (_, loss) => {
    const ignored = tf.fill([count, height, width], 255, 'int32') as tf.Tensor3D;
    const { value, grad } = tf.valueAndGrad((x) => loss(x, ignored))(logits.mul(1000));
    expect([...(await readValues(value))]).toEqual([0]);
    expect((await readValues(grad)).every((slope) => slope === 0)).toBe(true);
  });

  it.each(LOSSES)('%s does not depend on the logits of ignored pixels', async (_, loss) => {
    const known = tf.notEqual(labels, 255).expandDims(3);
    const others = tf.where(known, logits, hashed(1, fixture.shape, 9));
    const [first, second] = [logits, others].map((x) => tf.valueAndGrad((x) => loss(x, labels))(x));
    expectClose(await readValues(second!.value), await readValues(first!.value), 'loss', 1e-6);
    expectClose(await readValues(second!.grad), await readValues(first!.grad), 'gradient', 1e-6);
  });

  it.each(LOSSES)('%s is NaN if a logit is, so that it reveals a broken network', async (_, loss) => {
    const broken = tf.tensor4d([1, 2, 0, 0, 0, Number.NaN, 1, 0, 3, 2, 1, 1, 0, 5, 1, 2, 2, 0, 1, 1], [1, 2, 2, 5]);
    const [value] = await readValues(loss(broken, tf.tensor3d([0, 1, 2, 0], [1, 2, 2], 'int32')));
    expect(value).toBeNaN();
  });

  it('the mean over the images of groups of one image is that over all groups, with a gradient', async () => {
    const lossWith = (over: 'batch' | 'image') => (x: tf.Tensor) => {
      const loss = { name: 'cross_entropy', imagesPerGroup: 1 } as const;
      const losses = { crossEntropy: 0, focal: null, dice: { weight: 1, over }, lovasz: null };
      return lossParts({ loss, losses, classes: null }, x as tf.Tensor4D, labels).total;
    };
    const [image, batch] = (['image', 'batch'] as const).map((over) => tf.valueAndGrad(lossWith(over))(logits));
    expectClose(await readValues(image!.value), await readValues(batch!.value), 'loss', 1e-6);
    expectClose(await readValues(image!.grad), await readValues(batch!.grad), 'gradient', 1e-6);
  });

  it('a confident pixel has hardly any focal loss, and a wrong one nearly its whole cross-entropy', async () => {
    const sure = tf.tensor4d([60, 0, 0, 60], [1, 1, 2, 2]);
    const of = (label: number) => tf.tensor3d([label, 255], [1, 1, 2], 'int32');
    for (const gamma of [0.5, 1, 2]) {
      const { value, grad } = tf.valueAndGrad((x) => crossEntropy(x as tf.Tensor4D, of(0), { gamma }))(sure);
      expect((await readValues(value))[0]).toBeCloseTo(0, 6);
      expect([...(await readValues(grad))].every((slope) => Math.abs(slope) < 1e-6)).toBe(true);
      expectClose(await readValues(crossEntropy(sure, of(1), { gamma })), [60], 'wrong');
    }
  });

  it('refuses a number of weights that is not the number of classes', () => {
    expect(() => crossEntropy(logits, labels, { weights: [1, 2] })).toThrow('got 2 weights for 5 classes');
  });
});
