import type { RunConfig } from '../../schema/run-config.js';
import type { tf } from '../operations/tf.js';

/** What the configuration says about the layers; where their first values come from is no part of it. */
export type NetworkShape = Omit<RunConfig['network'], 'pretrained'>;

export interface NetworkOptions {
  /** Number of classes, the channels of the logits. */
  classes: number;
  /** 1 thermal, 3 RGB, 4 RGB and thermal. */
  inputChannels: number;
  /** The run's seed. */
  seed: number;
  /** The two branches start from different weights. */
  branch: 1 | 2;
}

/** A forward pass in three parts. */
export interface NetworkStages {
  /** The backbone's features of images: `low` at a quarter of their size, `high` at 1/16 (or 1/8). */
  backbone(images: tf.Tensor4D): { low: tf.Tensor4D; high: tf.Tensor4D };
  /** The pyramid: `high` features → context of the same size with `contextChannels`. */
  context(high: tf.Tensor4D): tf.Tensor4D;
  /** Context and `low` features → logits of the size [height, width]. */
  decode(context: tf.Tensor4D, low: tf.Tensor4D, size: [height: number, width: number]): tf.Tensor4D;
}

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
