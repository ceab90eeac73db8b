import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/**
 * Mean cross-entropy over the pixels that are not ignored.
 * @param logits N, H, W, classes.
 * @param labels int32 N, H, W: a class, or `ignoreIndex` for an ignored pixel. Other values are not allowed.
 * @returns a scalar; 0 with gradient 0 if all pixels are ignored.
 */
export function crossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex = 255): tf.Scalar {
  if (labels.size * logits.shape[3] !== logits.size) {
    throw new Error(
      `crossEntropy: logits [${logits.shape}] and labels [${labels.shape}] do not describe the same pixels`,
    );
  }
  return withGradient([logits], (logits) => {
    const [loss, gradient] = entropyAndGradient(logits as tf.Tensor4D, labels, ignoreIndex);
    return { value: loss!, saved: [gradient!], gradient: (dy, [gradient]) => [tf.mul(gradient!, dy)] };
  });
}

/** The mean cross-entropy and its gradient with respect to the logits. Neither of the two is itself differentiable. */
export function entropyAndGradient(logits: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex: number): tf.Tensor[] {
  return (hasOwn('crossEntropy') ? fused : composed)(logits, labels, ignoreIndex);
}

type Run = (logits: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex: number) => tf.Tensor[];

/** Computes the loss and its gradient, (softmax - one-hot) / count, in one pass. */
const fused: Run = (logits, labels, ignoreIndex) => runOwn('crossEntropy', { logits, labels }, { ignoreIndex });

const composed: Run = (logits, labels, ignoreIndex) => {
  const classes = logits.shape[3];
  const flat = labels.reshape([-1]);
  const counts = tf.notEqual(flat, ignoreIndex);
  const target = tf.oneHot(tf.where(counts, flat, tf.zerosLike(flat)).toInt(), classes).toFloat();
  const weight = counts.toFloat();
  // At least 1, so that a batch of ignored pixels gives 0 and not 0/0.
  const count = tf.maximum(tf.sum(weight), 1);
  const logProbabilities = tf.logSoftmax(logits.reshape([-1, classes]));
  const losses = tf.neg(tf.sum(tf.mul(target, logProbabilities), 1));
  const share = tf.div(weight, count).expandDims(1);
  const gradient = tf.mul(tf.sub(tf.exp(logProbabilities), target), share).reshape(logits.shape);
  return [tf.div(tf.sum(tf.mul(losses, weight)), count), gradient];
};
