import { readValues } from '../../engines/failure.js';
import { applySgd } from '../../engines/operations.js';
import { tf } from '../../engines/tf.js';
import { createNetwork, type SegmentationNetwork } from '../../networks/network.js';
import type { BranchView } from '../methods/method.js';
import { slidingLogits } from '../sliding-window.js';
import type { BranchOptions, Images } from './branches.js';
import { withoutGradient } from './without-gradient.js';

export interface SavedTensor {
  shape: number[];
  values: Float32Array;
}

/** Everything of one network that a resumed run needs: `weights.*`, `statistics.*` and `momentum.*`. */
export type BranchState = Record<string, SavedTensor>;

/** One step's losses as numbers: see `Losses`. */
export interface LossValues {
  total: number;
  supervised: number;
  cross?: number;
  agreement?: number;
}

/** One network with its optimiser, on this thread's engine. */
export class Branch {
  readonly network: SegmentationNetwork;
  private readonly momentum = new Map<string, tf.Variable>();

  constructor(
    index: 1 | 2,
    private readonly options: BranchOptions,
  ) {
    const { config, classes, inputChannels } = options;
    this.network = createNetwork(config.network, {
      classes,
      inputChannels,
      seed: config.seed,
      branch: index,
    });
    for (const [name, variable] of this.network.variables) {
      this.momentum.set(
        name,
        tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
      );
    }
  }

  /** What a method sees of this network in a step. */
  view(step: number, crossWeight: number): BranchView {
    return {
      seed: this.options.config.seed,
      step,
      crossWeight,
      forward: (images) => this.network.forward(images, 'train'),
      predict: (images) => withoutGradient(() => this.network.forward(images, 'train')),
    };
  }

  /** Moves every weight by its gradient (by variable name); a weight without one, which no loss reached, stays. */
  descend(gradients: tf.NamedTensorMap, learningRate: number): void {
    const { momentum, weightDecay } = this.options.config.optimiser;
    for (const [name, variable] of this.network.variables) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      applySgd(variable, gradient, this.momentum.get(name)!, {
        learningRate,
        momentum,
        weightDecay: this.network.decayed.has(name) ? weightDecay : 0,
      });
    }
  }

  /** Class probabilities, count x height x width x classes; images larger than the crop by sliding window. */
  async predict({ count, height, width, channels, images }: Images): Promise<Float32Array> {
    const probabilities = tf.tidy(() => {
      const input = tf.tensor4d(images, [count, height, width, channels]);
      const logits = slidingLogits(input, this.options.config.augmentation.crop, (window) =>
        this.network.forward(window, 'evaluate'),
      );
      return tf.softmax(logits);
    });
    try {
      return await readValues(probabilities);
    } finally {
      probabilities.dispose();
    }
  }

  async save(): Promise<BranchState> {
    const state: BranchState = {};
    for (const [name, tensor] of this.tensors()) {
      state[name] = { shape: tensor.shape, values: await readValues(tensor) };
    }
    return state;
  }

  /** @throws Error when the state lacks a tensor, has an unknown one, or one of another shape. */
  load(state: BranchState): void {
    const tensors = this.tensors();
    const unknown = Object.keys(state).find((name) => !tensors.has(name));
    if (unknown !== undefined) throw new Error(`the network has no tensor "${unknown}"`);
    for (const [name, tensor] of tensors) {
      const saved = state[name];
      if (!saved) throw new Error(`tensor "${name}" is missing`);
      if (saved.shape.join() !== tensor.shape.join()) {
        throw new Error(`tensor "${name}" has shape [${saved.shape}], the network needs [${tensor.shape}]`);
      }
    }
    tf.tidy(() => {
      for (const [name, variable] of tensors) variable.assign(tf.tensor(state[name]!.values, variable.shape));
    });
  }

  dispose(): void {
    for (const tensor of this.momentum.values()) tensor.dispose();
    this.network.dispose();
  }

  private tensors(): Map<string, tf.Variable> {
    const named = (group: string, tensors: ReadonlyMap<string, tf.Variable>) =>
      [...tensors].map(([name, tensor]) => [`${group}.${name}`, tensor] as const);
    return new Map([
      ...named('weights', this.network.variables),
      ...named('statistics', this.network.buffers),
      ...named('momentum', this.momentum),
    ]);
  }
}
