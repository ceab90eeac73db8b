import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

export interface CrossEntropyOptions {
  /**
   * How much a pixel of each class counts, at least 0, by class index: the loss is the weighted sum divided by the sum of the
   * weights, as in PyTorch's `CrossEntropyLoss(weight)`. By default, all count alike.
   */
  weights?: readonly number[] | null | undefined;
  /**
   * The focusing parameter of the focal loss (Lin et al., ICCV 2017), at least 0: the loss of a pixel is multiplied by
   * (1 - p) ^ gamma, where p is the probability of its class. By default 0, which is the cross-entropy.
   */
  gamma?: number;
  ignoreIndex?: number;
}

/**
 * Mean cross-entropy over the pixels that are not ignored.
 * @param logits N, H, W, classes.
 * @param labels int32 N, H, W: a class, or `ignoreIndex` (255) for an ignored pixel. Other values are not allowed.
 * @returns a scalar; 0 with gradient 0 if all pixels are ignored, or of classes whose weight is 0.
 */
export function crossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D, options: CrossEntropyOptions = {}): tf.Scalar {
  if (labels.size * logits.shape[3] !== logits.size) {
    throw new Error(
      `crossEntropy: logits [${logits.shape}] and labels [${labels.shape}] do not describe the same pixels`,
    );
  }
  return withGradient([logits], (logits) => {
    const [loss, gradient] = entropyAndGradient(logits as tf.Tensor4D, labels, options);
    return { value: loss!, saved: [gradient!], gradient: (dy, [gradient]) => [tf.mul(gradient!, dy)] };
  });
}

/** The loss and its gradient with respect to the logits. Neither of the two is itself differentiable. */
export function entropyAndGradient(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { weights = null, gamma = 0, ignoreIndex = 255 }: CrossEntropyOptions = {},
): tf.Tensor[] {
  const classes = logits.shape[3];
  if (weights && weights.length !== classes) {
    throw new Error(`crossEntropy: got ${weights.length} weights for ${classes} classes`);
  }
  const perClass = weights && tf.tensor1d([...weights]);
  const run = hasOwn('crossEntropy') ? fused : composed;
  const results = run({ logits, labels, ...(perClass && { weights: perClass }) }, { ignoreIndex, gamma });
  perClass?.dispose();
  return results;
}

interface Inputs {
  logits: tf.Tensor4D;
  labels: tf.Tensor3D;
  weights?: tf.Tensor1D;
}

type Run = (inputs: Inputs, attributes: { ignoreIndex: number; gamma: number }) => tf.Tensor[];

/** Computes the loss and its gradient, weight x (softmax - one-hot) / sum of the weights, in one pass. */
const fused: Run = (inputs, attributes) => runOwn('crossEntropy', { ...inputs }, attributes);

const composed: Run = ({ logits, labels, weights }, { ignoreIndex, gamma }) => {
  const classes = logits.shape[3];
  const flat = labels.reshape([-1]);
  const counts = tf.notEqual(flat, ignoreIndex);
  const target = tf.oneHot(tf.where(counts, flat, tf.zerosLike(flat)).toInt(), classes).toFloat();
  const ofClass = weights && tf.sum(tf.mul(target, weights), 1);
  const weight = ofClass ? tf.mul(counts.toFloat(), ofClass) : counts.toFloat();
  const all = tf.sum(weight);
  // A batch of ignored pixels gives 0 and not 0/0.
  const divisor = tf.where(tf.greater(all, 0), all, tf.onesLike(all));
  const logProbabilities = tf.logSoftmax(logits.reshape([-1, classes]));
  const losses = tf.neg(tf.sum(tf.mul(target, logProbabilities), 1));
  const focus = gamma === 0 ? null : focusOf(losses, gamma);
  const share = tf.div(focus ? tf.mul(weight, focus.gradient) : weight, divisor).expandDims(1);
  const gradient = tf.mul(tf.sub(tf.exp(logProbabilities), target), share).reshape(logits.shape);
  const counted = tf.mul(focus ? tf.mul(losses, focus.loss) : losses, weight);
  return [tf.div(tf.sum(counted), divisor), gradient];
};

/**
 * What the focal loss multiplies the losses of pixels by, and their gradients. With p = exp(-loss) and q = 1 - p, those of
 * q^gamma loss are q^gamma (1 + gamma p loss / q) times those of the loss. As q approaches 0, loss / q approaches 1.
 */
function focusOf(losses: tf.Tensor, gamma: number): { loss: tf.Tensor; gradient: tf.Tensor } {
  const q = tf.neg(tf.expm1(tf.neg(losses)));
  const ratio = tf.where(tf.lessEqual(q, 1e-6), tf.onesLike(q), tf.div(losses, tf.maximum(q, 1e-6)));
  const loss = tf.pow(q, gamma);
  return { loss, gradient: tf.mul(loss, tf.add(1, tf.mul(gamma, tf.mul(tf.sub(1, q), ratio)))) };
}
