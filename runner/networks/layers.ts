import { type Activation, batchNorm, type Conv2dOptions, conv2d } from '../operations/index.js';
import { tf } from '../operations/tf.js';
import { randomStream } from '../random/random.js';

/** A layer or a chain of layers. `training` selects batch or running statistics for batch normalisation. */
export type Layer = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

export interface ConvShape extends Conv2dOptions {
  inputs: number;
  outputs: number;
  /** Side of the square filter. */
  kernel: number;
  bias?: boolean;
  /** The bias at first; see `conv`. Default: zero. */
  initialBias?: 'zero' | 'uniform';
  /** Divides the outputs into this many consecutive groups that start with the same weights; default 1. */
  alike?: number;
}

/** Creates layers and keeps their variables and buffers by name. */
export class LayerBuilder {
  readonly variables = new Map<string, tf.Variable>();
  readonly decayed = new Set<string>();
  readonly buffers = new Map<string, tf.Variable>();

  constructor(
    private readonly seed: number,
    private readonly branch: 1 | 2,
  ) {}

  /**
   * A convolution. Its initial weights are Kaiming normal by fan-in: standard deviation sqrt(2 / (kernel² inputs)). A `uniform`
   * bias is drawn as by default in PyTorch: between ± 1 / sqrt(kernel² inputs).
   */
  conv(name: string, { inputs, outputs, kernel, bias = false, initialBias, alike = 1, ...options }: ConvShape): Layer {
    const weight = this.filter(`${name}.weight`, [kernel, kernel, inputs, outputs], alike) as tf.Tensor4D;
    if (!bias) return (x) => conv2d(x, weight, options);
    const bound = initialBias === 'uniform' ? 1 / Math.sqrt(kernel * kernel * inputs) : 0;
    const added = this.bias(`${name}.bias`, outputs, bound);
    return (x) => tf.add(conv2d(x, weight, options), added);
  }

  /** Batch normalisation with scale 1 and offset 0 at the start, followed by an activation. */
  norm(name: string, channels: number, activation: Activation): Layer {
    const parameters = {
      scale: this.vector(`${name}.weight`, channels, 1),
      offset: this.vector(`${name}.bias`, channels, 0),
      runningMean: this.buffer(`${name}.running_mean`, tf.zeros([channels])),
      runningVariance: this.buffer(`${name}.running_var`, tf.ones([channels])),
    };
    return (x, training) => batchNorm(x, parameters, { training, activation });
  }

  /**
   * A filter in HWIO layout, initialised as in `conv`, for a layer that is built elsewhere. Its outputs form `alike`
   * consecutive groups that start with the same weights.
   */
  filter(
    name: string,
    shape: [height: number, width: number, inputs: number, outputs: number],
    alike = 1,
  ): tf.Variable {
    const [height, width, inputs, outputs] = shape;
    const deviation = Math.sqrt(2 / (height * width * inputs));
    const random = randomStream(this.seed, 'init', this.branch, name);
    const drawn = outputs / alike;
    const values = new Float32Array(height * width * inputs * drawn);
    // A loop, because Float32Array.from takes twice as long, which is seconds for a large network.
    for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
    const group = tf.tensor4d(values, [height, width, inputs, drawn]);
    // Only if it must be: to tile a filter, wasm needs as long as it takes to draw it.
    const initial = alike === 1 ? group : tf.tile(group, [1, 1, 1, alike]);
    if (initial !== group) group.dispose();
    this.decayed.add(name);
    return this.variable(name, initial);
  }

  /** One value per channel, drawn between ± `bound` at first. */
  private bias(name: string, channels: number, bound: number): tf.Variable {
    if (bound === 0) return this.vector(name, channels, 0);
    const random = randomStream(this.seed, 'init', this.branch, name);
    return this.variable(
      name,
      tf.tensor1d(Float32Array.from({ length: channels }, () => bound * (2 * random.uniform() - 1))),
    );
  }

  /** One value per channel, each `initial` at first: a bias, or the scale or offset of a norm. */
  vector(name: string, channels: number, initial: 0 | 1): tf.Variable {
    return this.variable(name, initial === 1 ? tf.ones([channels]) : tf.zeros([channels]));
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

/** The channels of a layer that has `full` channels at width 1: at least 4, and a multiple of 4 for vector units. */
export function scaleChannels(full: number, width: number): number {
  return Math.max(4, Math.round((full * width) / 4) * 4);
}
