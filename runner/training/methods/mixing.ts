import { tf } from '../../operations/tf.js';
import { randomStream } from '../../random/random.js';
import { boxAround, boxShare, type CutmixOptions, cutmixBox, cutmixMask } from '../cutmix.js';
import type { BranchView } from './method.js';
import type { WeakObjects } from './weak-objects.js';

/** `second` where the mask (N,H,W,1) is 1, `first` where it is 0. */
export function mix(first: tf.Tensor4D, second: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor4D {
  return tf.add(tf.mul(first, tf.sub(1, mask)), tf.mul(second, mask));
}

/** The same for values per pixel (N,H,W), such as labels. */
export function mixPixels(first: tf.Tensor3D, second: tf.Tensor3D, mask: tf.Tensor4D): tf.Tensor3D {
  return tf.where(tf.greater(tf.squeeze(mask, [3]), 0), second, first) as tf.Tensor3D;
}

/**
 * One CutMix mask per image, N,H,W,1. All networks get the same masks: the stream depends only on seed, step and image. Where an object
 * is given, the mask is one box around it.
 */
export function cutmixMasks(
  view: Pick<BranchView, 'seed' | 'step'>,
  [count, height, width]: tf.Tensor4D['shape'],
  options: CutmixOptions,
  objects: WeakObjects | null = null,
): tf.Tensor4D {
  const values = new Float32Array(count * height * width);
  for (let index = 0; index < count; index++) {
    const random = randomStream(view.seed, 'cutmix', view.step, index);
    const object = objects?.[index];
    const [low, high] = options.areaShare;
    const mask = object
      ? boxAround(random, object, { height, width, share: low + (high - low) * random.uniform() })
      : cutmixMask(random, height, width, options);
    values.set(mask, index * height * width);
  }
  return tf.tensor4d(values, [count, height, width, 1]);
}

/**
 * One mask per image, N,H,W,1, for strong view `number`: with the given probability it is 1 in a box, otherwise all 0. Where an object
 * is given, the box contains it.
 */
export function boxMasks(
  view: Pick<BranchView, 'seed' | 'step'>,
  number: number,
  [count, height, width]: tf.Tensor4D['shape'],
  probability: number,
  objects: WeakObjects | null = null,
): tf.Tensor4D {
  const values = new Float32Array(count * height * width);
  for (let index = 0; index < count; index++) {
    const random = randomStream(view.seed, 'cutmix-box', view.step, number, index);
    if (random.uniform() >= probability) continue;
    const object = objects?.[index];
    const mask = object
      ? boxAround(random, object, { height, width, share: boxShare(random) })
      : cutmixBox(random, height, width);
    values.set(mask, index * height * width);
  }
  return tf.tensor4d(values, [count, height, width, 1]);
}

/**
 * For each of `count` images of a batch, the number of the image that it is mixed with: a random permutation, in which an image
 * can meet itself. All networks get the same.
 */
export function partners({ seed, step }: Pick<BranchView, 'seed' | 'step'>, count: number): number[] {
  return randomStream(seed, 'partners', step).shuffle(Array.from({ length: count }, (_, i) => i));
}
