import { chain, type Layer, type LayerBuilder } from '../../../networks/layers.js';
import { tf } from '../../../operations/tf.js';

/**
 * A decoder as CCT's authors have it: a 1x1 convolution to the classes, then steps that double the size (Shi et al., CVPR
 * 2016), each a 1x1 convolution to four times the channels, ReLU, and a rearrangement of the four into a square of pixels. The
 * four begin alike (Aitken et al. 2017), so that no checkerboard is seen.
 * @param stride What the size is multiplied by: a power of 2.
 */
export function auxiliaryDecoder(
  builder: LayerBuilder,
  name: string,
  inputs: number,
  classes: number,
  stride: number,
): Layer {
  const toClasses = builder.conv(`${name}.0`, { inputs, outputs: classes, kernel: 1 });
  const steps = Array.from({ length: Math.log2(stride) }, (_, index): Layer => {
    const shape = { inputs: classes, outputs: 4 * classes, kernel: 1, bias: true, alike: 4 };
    const conv = builder.conv(`${name}.${index + 1}`, shape);
    return (x, training) => shuffle(tf.relu(conv(x, training)));
  });
  return chain(toClasses, ...steps);
}

/**
 * N,H,W,4C → N,2H,2W,C: channel (2 row + column) C + c goes to the pixel's `row` and `column`. Of transpositions, because
 * TensorFlow.js has no gradient of depthToSpace.
 */
export function shuffle(x: tf.Tensor4D): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const rows = tf.reshape(x, [count * height, width, 2, channels / 2]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [count, 2 * height, 2 * width, channels / 4]);
}
