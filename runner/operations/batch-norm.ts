import { channelSum } from './channel-sum.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

export type Activation = 'none' | 'relu' | 'leakyRelu';

export interface BatchNormParameters {
  /** Gamma, one value per channel. */
  scale: tf.Tensor1D | tf.Variable;
  /** Beta, one value per channel. */
  offset: tf.Tensor1D | tf.Variable;
  /** Updated in training mode to (1 - momentum) × old + momentum × batch mean. */
  runningMean: tf.Variable;
  /** Updated like runningMean, with the batch's unbiased variance. */
  runningVariance: tf.Variable;
}

export interface BatchNormOptions {
  /** If true, normalise with the statistics of this batch and update the running ones; if false, use the running ones. */
  training: boolean;
  /** The weight of the new statistics, as in PyTorch; default 0.1. */
  momentum?: number;
  /** Added to the variance; default 1e-5. */
  epsilon?: number;
  /** Applied to the result; the slope of leakyRelu is 0.01. Default: none. */
  activation?: Activation;
}

/** The attributes of an engine's own batch normalisation kernels. Negative values are multiplied by `slope`. */
export interface NormAttributes {
  epsilon: number;
  slope: number;
}

const LEAKY_SLOPE = 0.01;

/** The factor for negative values. */
const SLOPES: Record<Activation, number> = { none: 1, relu: 0, leakyRelu: LEAKY_SLOPE };

/**
 * Batch normalisation over N, H and W of an NHWC tensor, like PyTorch's batch_norm followed by an activation.
 * @throws Error in training mode when there is a single value per channel: its variance is undefined.
 */
export function batchNorm(x: tf.Tensor4D, p: BatchNormParameters, options: BatchNormOptions): tf.Tensor4D {
  const { training, momentum = 0.1, epsilon = 1e-5, activation = 'none' } = options;
  const slope = SLOPES[activation];
  if (!training) return evaluate(x, p, epsilon, slope);
  const count = x.shape[0] * x.shape[1] * x.shape[2];
  if (count < 2)
    throw new Error(`batchNorm of [${x.shape}]: training needs at least 2 values per channel; use a larger batch`);
  return withGradient([x, p.scale, p.offset], (x, scale, offset) => {
    const run = hasOwn('batchNormTrain') ? fusedForward : composedForward;
    const [y, mean, variance] = run(x!, scale!, offset!, epsilon, slope);
    track(p, mean!, variance!, momentum, count / (count - 1));
    const backward = hasOwn('batchNormTrainGradient') ? fusedGradient : composedGradient;
    return {
      value: y!,
      saved: [x!, scale!, offset!, mean!, variance!],
      gradient: (dy, saved) => backward(dy, saved, epsilon, slope),
    };
  });
}

function evaluate(x: tf.Tensor4D, p: BatchNormParameters, epsilon: number, slope: number): tf.Tensor4D {
  const factor = tf.mul(p.scale, tf.rsqrt(tf.add(p.runningVariance, epsilon)));
  const shift = tf.sub(p.offset, tf.mul(p.runningMean, factor));
  return withGradient([x, factor, shift], (x, factor, shift) => ({
    value: hasOwn('scaleShift')
      ? runOwn('scaleShift', { x: x!, factor: factor!, shift: shift! }, { slope })[0]!
      : activate(tf.add(tf.mul(x!, factor!), shift!), slope),
    saved: [x!, factor!, shift!],
    gradient: (dy, [x, factor, shift]) => {
      const dz = beforeActivation(dy, tf.add(tf.mul(x!, factor!), shift!), slope);
      return [tf.mul(dz, factor!), () => channelSum(tf.mul(dz, x!)), () => channelSum(dz)];
    },
  }));
}

/** Moves the running statistics towards those of the batch; `correction` makes its variance unbiased. */
function track(
  p: BatchNormParameters,
  mean: tf.Tensor,
  variance: tf.Tensor,
  momentum: number,
  correction: number,
): void {
  const { runningMean, runningVariance } = p;
  const [newMean, newVariance] = hasOwn('trackStatistics')
    ? runOwn('trackStatistics', { runningMean, runningVariance, mean, variance }, { momentum, correction })
    : [moved(runningMean, mean, momentum, 1), moved(runningVariance, variance, momentum, correction)];
  runningMean.assign(newMean as tf.Tensor);
  runningVariance.assign(newVariance as tf.Tensor);
}

function moved(running: tf.Variable, batch: tf.Tensor, momentum: number, correction: number): tf.Tensor {
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum * correction));
}

type Forward = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number, slope: number) => tf.Tensor[];
type Backward = (dy: tf.Tensor, saved: tf.Tensor[], epsilon: number, slope: number) => tf.Tensor[];

const fusedForward: Forward = (x, scale, offset, epsilon, slope) =>
  runOwn('batchNormTrain', { x, scale, offset }, { epsilon, slope });

const fusedGradient: Backward = (dy, [x, scale, offset, mean, variance], epsilon, slope) =>
  runOwn(
    'batchNormTrainGradient',
    { dy, x: x!, scale: scale!, offset: offset!, mean: mean!, variance: variance! },
    { epsilon, slope },
  );

const composedForward: Forward = (x, scale, offset, epsilon, slope) => {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  return [activate(tf.add(tf.mul(normal, scale), offset), slope), mean, variance];
};

const composedGradient: Backward = (dy, [x, scale, offset, mean, variance], epsilon, slope) => {
  const inverse = tf.rsqrt(tf.add(variance!, epsilon));
  const normal = tf.mul(tf.sub(x!, mean!), inverse);
  const dz = beforeActivation(dy, tf.add(tf.mul(normal, scale!), offset!), slope);
  const dOffset = tf.sum(dz, [0, 1, 2]);
  const dScale = tf.sum(tf.mul(dz, normal), [0, 1, 2]);
  const count = x!.size / scale!.size;
  const centred = tf.sub(tf.sub(dz, tf.div(dOffset, count)), tf.mul(normal, tf.div(dScale, count)));
  return [tf.mul(centred, tf.mul(scale!, inverse)), dScale, dOffset];
};

function activate(z: tf.Tensor, slope: number): tf.Tensor {
  if (slope === 1) return z;
  return slope === 0 ? tf.relu(z) : tf.leakyRelu(z, slope);
}

/** The gradient with respect to z, from the gradient with respect to activate(z). */
function beforeActivation(dy: tf.Tensor, z: tf.Tensor, slope: number): tf.Tensor {
  if (slope === 1) return dy;
  return tf.where(tf.greater(z, 0), dy, tf.mul(dy, slope));
}
