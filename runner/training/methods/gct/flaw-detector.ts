import type { LayerBuilder } from '../../../networks/layers.js';
import { concat, constant, conv2d, resizeBilinear } from '../../../operations/index.js';
import { tf } from '../../../operations/tf.js';

const KERNEL = 4;
const SLOPE = 0.2;
const EPSILON = 1e-5;

/** The channels (as multiples of the first layer's) and strides of all layers but the last. */
const LAYERS = [
  { name: 'conv1', multiple: 1, stride: 2 },
  { name: 'conv2', multiple: 2, stride: 2 },
  { name: 'conv2_1', multiple: 2, stride: 1 },
  { name: 'conv3', multiple: 4, stride: 2 },
  { name: 'conv3_1', multiple: 4, stride: 1 },
  { name: 'conv4', multiple: 8, stride: 2 },
  { name: 'conv4_1', multiple: 8, stride: 1 },
];

/**
 * Detects flaws (N,H,W,1) from images and class probabilities, both N,H,W,·, with sides of at least 64 pixels. With `held`,
 * the detector's weights get no gradient.
 */
export type FlawDetector = (
  images: tf.Tensor4D,
  probabilities: tf.Tensor4D,
  options?: { held: boolean },
) => tf.Tensor4D;

/**
 * The flaw detector of GCT's authors: eight 4x4 convolutions with leaky ReLU (slope 0.2). Half of the channels have batch
 * normalisation, with scale and offset; the others have instance normalisation. It always uses the statistics of its batch,
 * so it has no running statistics. Only the last convolution has a bias: normalisation would cancel the bias of the others.
 */
export function flawDetector(builder: LayerBuilder, inputChannels: number, firstChannels: number): FlawDetector {
  let inputs = inputChannels;
  const layers = LAYERS.map(({ name, multiple, stride }) => {
    const outputs = multiple * firstChannels;
    const filter = builder.filter(`detector.${name}.weight`, [KERNEL, KERNEL, inputs, outputs]);
    const normalised = outputs / 2;
    const scale = builder.vector(`detector.${name}.norm.weight`, normalised, 1);
    const offset = builder.vector(`detector.${name}.norm.bias`, normalised, 0);
    inputs = outputs;
    return { stride, filter, normalised, scale, offset };
  });
  const classifier = {
    filter: builder.filter('detector.classifier.weight', [KERNEL, KERNEL, inputs, 1]),
    bias: builder.vector('detector.classifier.bias', 1, 0),
  };
  return (images, probabilities, { held } = { held: false }) => {
    const weight = (variable: tf.Variable): tf.Tensor => (held ? constant(variable) : variable);
    let x = concat([images, probabilities], 3);
    for (const { stride, filter, normalised, scale, offset } of layers) {
      const convolved = conv2d(x, weight(filter) as tf.Tensor4D, { stride, padding: 1 });
      const [count, height, width, channels] = convolved.shape;
      const overBatch = tf.slice(convolved, [0, 0, 0, 0], [count, height, width, normalised]) as tf.Tensor4D;
      const overImage = tf.slice(convolved, [0, 0, 0, normalised], [count, height, width, channels - normalised]);
      const scaled = tf.add(tf.mul(normalise(overBatch, [0, 1, 2]), weight(scale)), weight(offset));
      const normal = concat([scaled as tf.Tensor4D, normalise(overImage as tf.Tensor4D, [1, 2])], 3);
      // TensorFlow.js has no gradient for leakyRelu.
      x = tf.maximum(normal, tf.mul(normal, SLOPE));
    }
    const flaws = conv2d(x, weight(classifier.filter) as tf.Tensor4D, { stride: 2, padding: 1 });
    const [, height, width] = images.shape;
    return resizeBilinear(tf.add(flaws, weight(classifier.bias)), [height, width]);
  };
}

/** Normalises to mean 0 and variance 1 over the axes. */
function normalise(x: tf.Tensor4D, axes: number[]): tf.Tensor4D {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON)));
}
