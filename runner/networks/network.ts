import type { tf } from '../engines/tf.js';
import { deeplabv3plus } from './deeplabv3plus.js';
import { LayerBuilder } from './layers.js';
import type { NetworkOptions, NetworkShape, NetworkStages } from './network-shape.js';

export interface SegmentationNetwork {
  /** Trainable, named as torchvision does, e.g. backbone.layer1.0.conv1.weight; filters are HWIO. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Names of the variables that weight decay applies to: convolution weights, never batch norm or biases. */
  readonly decayed: ReadonlySet<string>;
  /** Running means and variances of batch normalisation, not trained by gradient. */
  readonly buffers: ReadonlyMap<string, tf.Variable>;
  /** Number of trainable values. */
  readonly parameters: number;
  /**
   * Images N, H, W, channels (sides multiples of 16 lie on whole cells) → logits N, H, W, classes.
   * `train` uses and updates batch statistics, `evaluate` uses the running ones.
   */
  forward(images: tf.Tensor4D, mode: 'train' | 'evaluate'): tf.Tensor4D;
  /** `forward` taken apart. */
  stages(mode: 'train' | 'evaluate'): NetworkStages;
  readonly contextChannels: number;
  dispose(): void;
}

/** A network with weights drawn from its seed and branch (Kaiming normal, fan-in), the same on every machine and engine. */
export function createNetwork(shape: NetworkShape, options: NetworkOptions): SegmentationNetwork {
  const builder = new LayerBuilder(options.seed, options.branch);
  const { stages, contextChannels } = deeplabv3plus(builder, shape, options);
  const { variables, decayed, buffers } = builder;
  const all = [...variables.values(), ...buffers.values()];
  return {
    variables,
    decayed,
    buffers,
    parameters: [...variables.values()].reduce((sum, variable) => sum + variable.size, 0),
    forward: (images, mode) => {
      const { backbone, context, decode } = stages(mode === 'train');
      const { low, high } = backbone(images);
      return decode(context(high), low, [images.shape[1], images.shape[2]]);
    },
    stages: (mode) => stages(mode === 'train'),
    contextChannels,
    dispose: () => {
      for (const variable of all) variable.dispose();
    },
  };
}
