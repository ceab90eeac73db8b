import type { OneNetworkConfig } from '../../schema/run-config.js';
import type { tf } from '../operations/tf.js';

/** The part of the configuration that defines the layers, without the source of their initial values. */
export type NetworkShape = Omit<OneNetworkConfig, 'pretrained'>;

export interface NetworkOptions {
  /** Number of classes, which is also the number of channels of the logits. */
  classes: number;
  /** 1: thermal; 3: RGB; 4: RGB and thermal. */
  inputChannels: number;
  /** The run's seed. */
  seed: number;
  /** The two branches start from different weights. */
  branch: 1 | 2;
}

/** The three parts of a forward pass. */
export interface NetworkStages {
  /** Images → features of the backbone: `low` at 1/4 of the image size, `high` at 1/16 (or 1/8). */
  backbone(images: tf.Tensor4D): { low: tf.Tensor4D; high: tf.Tensor4D };
  /** The pyramid: `high` features → context of the same size with `contextChannels`. */
  context(high: tf.Tensor4D): tf.Tensor4D;
  /** Context and `low` features → the decoder's features at 1/4 of the image size with `decoderChannels`. */
  refine(context: tf.Tensor4D, low: tf.Tensor4D): tf.Tensor4D;
  /** The decoder's features → logits of size [height, width]. */
  classify(features: tf.Tensor4D, size: [height: number, width: number]): tf.Tensor4D;
  /** `refine`, then `classify`. */
  decode(context: tf.Tensor4D, low: tf.Tensor4D, size: [height: number, width: number]): tf.Tensor4D;
}

export interface SegmentationNetwork {
  /** Trainable variables with torchvision's names, such as backbone.layer1.0.conv1.weight. Filters are HWIO. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Names of the variables that weight decay applies to: convolution weights, never batch norm or biases. */
  readonly decayed: ReadonlySet<string>;
  /** Running means and variances of batch normalisation, which have no gradient. */
  readonly buffers: ReadonlyMap<string, tf.Variable>;
  /** Number of trainable values. */
  readonly parameters: number;
  /**
   * Images N, H, W, channels → logits N, H, W, classes. Sides that are multiples of 16 fit whole feature cells.
   * `train` normalises with batch statistics and updates the running ones; `evaluate` normalises with the running ones, as a
   * frozen backbone does in both modes.
   */
  forward(images: tf.Tensor4D, mode: 'train' | 'evaluate'): tf.Tensor4D;
  /** The parts of `forward`. */
  stages(mode: 'train' | 'evaluate'): NetworkStages;
  readonly contextChannels: number;
  readonly decoderChannels: number;
  dispose(): void;
}
