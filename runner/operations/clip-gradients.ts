import { mean } from './mean.js';
import { tf } from './tf.js';

/** Added to the norm that the largest one is divided by, as in PyTorch. */
const EPSILON = 1e-6;

/**
 * Scales the gradients of the named variables (keys of `gradients`; those without a gradient are left out) so that the
 * Euclidean norm of them all together is at most `largest`, as torch.nn.utils.clip_grad_norm_ does: by
 * min(1, largest / (norm + 1e-6)). The scaled ones replace the others, which are disposed of.
 * @returns the norm before, a scalar; null if none of the variables has a gradient
 */
export function clipGradients(
  gradients: tf.NamedTensorMap,
  names: readonly string[],
  largest: number,
): tf.Scalar | null {
  const found = names.filter((name) => gradients[name]);
  if (found.length === 0) return null;
  const norm = tf.tidy(() => {
    const squares = found.map((name) => tf.mul(mean(tf.square(gradients[name]!)), gradients[name]!.size));
    // One by one, because `tf.addN` takes at most seven at a time on WebGPU.
    return tf.sqrt(squares.reduce((sum, each) => tf.add(sum, each))) as tf.Scalar;
  });
  const scale = tf.tidy(() => tf.minimum(tf.div(largest, tf.add(norm, EPSILON)), 1));
  for (const name of found) {
    const scaled = tf.mul(gradients[name]!, scale);
    gradients[name]!.dispose();
    gradients[name] = scaled;
  }
  scale.dispose();
  return norm;
}
