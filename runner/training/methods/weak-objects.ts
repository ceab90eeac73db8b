import { type Component, componentsOf } from '../../data/images/components.js';
import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import type { tf } from '../../operations/tf.js';
import { randomStream } from '../../random/random.js';
import { type Reading, read } from '../reading.js';
import type { BranchView } from './method.js';

/** Of each image that is mixed in, what a CutMix box must contain; null for a box as usual. */
export type WeakObjects = readonly (Component | null)[];

/** Smaller objects do not count: a share of the image's pixels, as in AEL's code. */
const LEAST_SHARE = 1e-4;

/**
 * An object (connected component) of each image's weak class, where a network predicts one: the box of AEL's adaptive CutMix. If the
 * image has several, one of them is drawn.
 * @param labels predictions for the images that are mixed in: N,H,W
 * @param weakClasses a class for each image; null if `balance.mixing` draws none
 */
export function* weakObjects(
  view: Pick<BranchView, 'seed' | 'step'>,
  labels: tf.Tensor3D,
  weakClasses: readonly number[] | null,
): Generator<Reading, WeakObjects | null, tf.Tensor | Float32Array> {
  if (!weakClasses) return null;
  const [, height, width] = labels.shape;
  const values = Uint8Array.from(yield* read(labels));
  return weakClasses.map((weak, index) => {
    const image = values.subarray(index * height * width, (index + 1) * height * width);
    const objects = componentsOf(image, width, height, IGNORE_LABEL).filter(
      (each) => each.class === weak && each.size >= LEAST_SHARE * image.length,
    );
    const random = randomStream(view.seed, 'balance', 'weak-object', view.step, index);
    return objects[random.int(objects.length)] ?? null;
  });
}
