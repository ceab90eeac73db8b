import { chain, type Layer, type LayerBuilder } from '../../../networks/layers.js';
import { tf } from '../../../operations/tf.js';

/**
 * The decoder of CCT's authors: a 1x1 convolution to the classes, then steps that each double the size (Shi et al., CVPR
 * 2016): a 1x1 convolution to four times the channels, ReLU, and a pixel shuffle. The four filters for one output channel
 * start out equal (Aitken et al. 2017), to avoid checkerboard artefacts.
 * @param stride The factor of enlargement, a power of 2.
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
 * Pixel shuffle, N,H,W,4C → N,2H,2W,C: channel (2 row + column) C + c of a pixel goes to (`row`, `column`) of its 2x2 block.
 * It uses transpositions, because TensorFlow.js has no gradient for depthToSpace.
 */
export function shuffle(x: tf.Tensor4D): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const rows = tf.reshape(x, [count * height, width, 2, channels / 2]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [count, 2 * height, 2 * width, channels / 4]);
}
