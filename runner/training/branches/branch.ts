import { readValues } from '../../engines/failure.js';
import { tf } from '../../engines/tf.js';
import { LayerBuilder } from '../../networks/layers.js';
import { createNetwork, type SegmentationNetwork } from '../../networks/network.js';
import { supervisedLoss } from '../losses.js';
import type { BranchView, Method } from '../methods/method.js';
import { follow } from '../moving-average.js';
import { Sgd } from '../optimiser.js';
import type { Rates } from '../schedule.js';
import { slidingLogits } from '../sliding-window.js';
import type { BranchOptions, Images } from './branches.js';
import { withoutGradient } from './without-gradient.js';

export interface SavedTensor {
  shape: number[];
  values: Float32Array;
}

/**
 * Everything of one network that a resumed run needs: `weights.*`, `statistics.*` and `momentum.*`; where a method has
 * them, `teacher_weights.*`, `teacher_statistics.*`, `part_weights.*` and `part_statistics.*` too.
 */
export type BranchState = Record<string, SavedTensor>;

/** One network with its optimiser and, where the method has them, its teacher and parts, on this thread's engine. */
export class Branch {
  readonly network: SegmentationNetwork;
  private readonly teacher: SegmentationNetwork | null;
  private readonly partLayers: LayerBuilder;
  private readonly parts: unknown;
  /** What the losses are minimised over, by name. */
  private readonly trained: ReadonlyMap<string, tf.Variable>;
  private readonly optimiser: Sgd;

  constructor(
    readonly index: 1 | 2,
    private readonly method: Method,
    private readonly options: BranchOptions,
  ) {
    const { config, classes, inputChannels } = options;
    const network = { classes, inputChannels, seed: config.seed, branch: index };
    this.network = createNetwork(config.network, network);
    this.teacher = method.teacher ? createNetwork(config.network, network) : null;
    this.partLayers = new LayerBuilder(config.seed, index);
    const { contextChannels } = this.network;
    this.parts = method.parts?.(this.partLayers, { inputChannels, classes, contextChannels });
    this.trained = new Map([...this.network.variables, ...this.partLayers.variables]);
    const decayed = new Set([...this.network.decayed, ...this.partLayers.decayed]);
    this.optimiser = new Sgd(this.trained, decayed, config.optimiser);
  }

  get variables(): tf.Variable[] {
    return [...this.trained.values()];
  }

  /** What is due before a step: the teacher follows the network. */
  prepare(step: number): void {
    if (!this.teacher) return;
    const decay = this.method.teacher!.decay(step);
    follow(this.teacher.variables, this.network.variables, decay);
    follow(this.teacher.buffers, this.network.buffers, decay);
  }

  /** What a method sees of this network in a step. */
  view(step: number, { ramp }: Rates): BranchView {
    const { network, teacher } = this;
    const { config } = this.options;
    return {
      seed: config.seed,
      branch: this.index,
      step,
      ramp,
      parts: this.parts,
      stages: network.stages('train'),
      supervisedLoss: (logits, labels) => supervisedLoss(config.loss, logits, labels),
      forward: (images) => network.forward(images, 'train'),
      predict: (images, mode = 'train') => withoutGradient(() => network.forward(images, mode)),
      teach: (images, mode = 'train') => {
        if (!teacher) throw new Error('this method has no teacher to ask; it must declare one');
        return withoutGradient(() => teacher.forward(images, mode));
      },
    };
  }

  /** Moves every weight by its gradient (by variable name); a weight without one, which no loss reached, stays. */
  descend(gradients: tf.NamedTensorMap, { learningRate }: Rates): void {
    this.optimiser.step(gradients, learningRate);
  }

  /**
   * Class probabilities, count x height x width x classes, of what the method evaluates; images larger than the crop by
   * sliding window.
   */
  async predict({ count, height, width, channels, images }: Images): Promise<Float32Array> {
    const probabilities = tf.tidy(() => {
      const input = tf.tensor4d(images, [count, height, width, channels]);
      const network = this.method.teacher?.evaluated ? this.teacher! : this.network;
      const logits = slidingLogits(input, this.options.config.augmentation.crop, (window) =>
        network.forward(window, 'evaluate'),
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
    this.optimiser.dispose();
    for (const tensor of [...this.partLayers.variables.values(), ...this.partLayers.buffers.values()]) tensor.dispose();
    this.teacher?.dispose();
    this.network.dispose();
  }

  private tensors(): Map<string, tf.Variable> {
    const named = (group: string, tensors: ReadonlyMap<string, tf.Variable>) =>
      [...tensors].map(([name, tensor]) => [`${group}.${name}`, tensor] as const);
    return new Map([
      ...named('weights', this.network.variables),
      ...named('statistics', this.network.buffers),
      ...named('momentum', this.optimiser.momentum),
      ...(this.teacher ? named('teacher_weights', this.teacher.variables) : []),
      ...(this.teacher ? named('teacher_statistics', this.teacher.buffers) : []),
      ...named('part_weights', this.partLayers.variables),
      ...named('part_statistics', this.partLayers.buffers),
    ]);
  }
}
