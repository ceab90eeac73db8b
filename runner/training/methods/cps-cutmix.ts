import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, crossEntropy } from '../../engines/operations.js';
import { tf } from '../../engines/tf.js';
import { randomStream } from '../../random/random.js';
import { cutmixMask } from '../cutmix.js';
import { agreement } from './agreement.js';
import type { BranchView, Method, MethodStep } from './method.js';

type Config = Extract<MethodConfig, { name: 'cps_cutmix' }>;

/**
 * Cross pseudo supervision with CutMix, on unlabelled images only: each network predicts two independent unlabelled
 * images without gradient, the logits are mixed by a mask and their argmax is shown; each then sees the equally mixed
 * image and learns the other's mixed label.
 */
export function cpsCutmix(config: Config): Method {
  return {
    branches: 2,
    streams: { unlabelled: true, mix: true },
    *step(view, { labelled, unlabelled, unlabelledMix }): MethodStep {
      const first = unlabelled!;
      const second = unlabelledMix!;
      const mask = masks(view, first.shape, config);
      const mine = argmaxLabels(mix(view.predict(first), view.predict(second), mask));
      const student = view.forward(mix(first, second, mask));
      const supervised = crossEntropy(view.forward(labelled.images), labelled.labels);
      const others = yield mine;
      const cross = crossEntropy(student, others);
      const total = supervised.add(cross.mul(view.crossWeight)) as tf.Scalar;
      return { total, supervised, cross, agreement: agreement(mine, others) };
    },
  };
}

/** `second` where the mask (N,H,W,1) is 1, `first` where it is 0. */
export function mix(first: tf.Tensor4D, second: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor4D {
  return tf.add(tf.mul(first, tf.sub(1, mask)), tf.mul(second, mask));
}

/** One mask an image. Both networks draw the same ones, since the stream is named by seed, step and image. */
function masks(view: BranchView, [count, height, width]: tf.Tensor4D['shape'], config: Config): tf.Tensor4D {
  const values = new Float32Array(count * height * width);
  for (let index = 0; index < count; index++) {
    const random = randomStream(view.seed, 'cutmix', view.step, index);
    values.set(cutmixMask(random, height, width, config), index * height * width);
  }
  return tf.tensor4d(values, [count, height, width, 1]);
}
