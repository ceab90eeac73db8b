import { type Activation, batchNorm, type Conv2dOptions, conv2d } from '../engines/operations.js';
import { tf } from '../engines/tf.js';
import { randomStream } from '../random/random.js';

/** A layer, or a chain of layers; `training` says whose statistics batch normalisation uses. */
export type Layer = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

export interface ConvShape extends Conv2dOptions {
  inputs: number;
  outputs: number;
  /** Side of the square filter. */
  kernel: number;
  bias?: boolean;
  /** So many groups of outputs, one after the other, start with the same weights; default 1. */
  alike?: number;
}

/** Creates layers and keeps what they own, by name. */
export class LayerBuilder {
  readonly variables = new Map<string, tf.Variable>();
  readonly decayed = new Set<string>();
  readonly buffers = new Map<string, tf.Variable>();

  constructor(
    private readonly seed: number,
    private readonly branch: 1 | 2,
  ) {}

  /** A convolution; its weights are Kaiming normal by fan-in: standard deviation sqrt(2 / (kernel² inputs)). */
  conv(name: string, { inputs, outputs, kernel, bias = false, alike = 1, ...options }: ConvShape): Layer {
    const weightName = `${name}.weight`;
    const deviation = Math.sqrt(2 / (kernel * kernel * inputs));
    const random = randomStream(this.seed, 'init', this.branch, weightName);
    const drawn = outputs / alike;
    const values = Float32Array.from({ length: kernel * kernel * inputs * drawn }, () => deviation * random.normal());
    const initial = tf.tidy(() => tf.tile(tf.tensor4d(values, [kernel, kernel, inputs, drawn]), [1, 1, 1, alike]));
    const weight = this.variable(weightName, initial);
    this.decayed.add(weightName);
    if (!bias) return (x) => conv2d(x, weight as tf.Tensor4D, options);
    const added = this.variable(`${name}.bias`, tf.zeros([outputs]));
    return (x) => tf.add(conv2d(x, weight as tf.Tensor4D, options), added);
  }

  /** Batch normalisation, starting as the identity, with an activation after it. */
  norm(name: string, channels: number, activation: Activation): Layer {
    const parameters = {
      scale: this.variable(`${name}.weight`, tf.ones([channels])),
      offset: this.variable(`${name}.bias`, tf.zeros([channels])),
      runningMean: this.buffer(`${name}.running_mean`, tf.zeros([channels])),
      runningVariance: this.buffer(`${name}.running_var`, tf.ones([channels])),
    };
    return (x, training) => batchNorm(x, parameters, { training, activation });
  }

  private variable(name: string, initial: tf.Tensor): tf.Variable {
    return keep(this.variables, name, initial, true);
  }

  private buffer(name: string, initial: tf.Tensor): tf.Variable {
    return keep(this.buffers, name, initial, false);
  }
}

function keep(into: Map<string, tf.Variable>, name: string, initial: tf.Tensor, trainable: boolean): tf.Variable {
  if (into.has(name)) throw new Error(`two layers are named "${name}"`);
  const variable = tf.variable(initial, trainable);
  initial.dispose();
  into.set(name, variable);
  return variable;
}

/** One layer after the other. */
export function chain(...layers: Layer[]): Layer {
  return (x, training) => layers.reduce((at, layer) => layer(at, training), x);
}

/** Channels of a layer that has `full` at width 1: a multiple of 4, which is what vector units like, and at least 4. */
export function scaleChannels(full: number, width: number): number {
  return Math.max(4, Math.round((full * width) / 4) * 4);
}
