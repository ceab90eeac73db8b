import { networkOf } from '../../../schema/run-config.js';
import { LayerBuilder } from '../../networks/layers.js';
import { createNetwork } from '../../networks/network.js';
import type { SegmentationNetwork } from '../../networks/segmentation-network.js';
import { clipGradients, crossEntropy, trueClassProbability, withoutGradient } from '../../operations/index.js';
import { readValues } from '../../operations/read-back.js';
import { tf } from '../../operations/tf.js';
import { type BranchFactors, branchFactors } from '../balance/class-factors.js';
import { lossParts } from '../balance/loss-parts.js';
import { adjusted } from '../balance/pixels.js';
import { Thresholds } from '../balance/thresholds.js';
import { type TrueClassSums, trueClassSums } from '../balance/true-class.js';
import { lossOn } from '../losses.js';
import type { BranchView, Method } from '../methods/method.js';
import { exchange, follow } from '../moving-average.js';
import { Adam, createOptimiser, type Optimiser } from '../optimiser.js';
import { type Rates, stepOfRound } from '../schedule.js';
import { slidingLogits } from '../sliding-window.js';
import type { BranchOptions, BranchState, Images } from './branches.js';
import { KeptNetwork } from './kept-network.js';

/** One network on this thread's engine, with its optimisers and, if the method has them, its teacher and extra layers. */
export class Branch {
  readonly network: SegmentationNetwork;
  private readonly teacher: SegmentationNetwork | null;
  private readonly kept = new KeptNetwork();
  private readonly partLayers: LayerBuilder;
  private readonly parts: unknown;
  /** The trained variables, by name. */
  private readonly trained: ReadonlyMap<string, tf.Variable>;
  private readonly optimisers: Optimiser[];
  private readonly factors: BranchFactors;
  private readonly thresholds: Thresholds;
  /** The probability of each labelled pixel's true class in this step, if the run has a section `balance`. */
  private trueClass: tf.Tensor | null = null;

  constructor(
    readonly index: 1 | 2,
    private readonly method: Method,
    private readonly options: BranchOptions,
  ) {
    const { config, classes, inputChannels, classPixels } = options;
    this.factors = branchFactors(config.balance, classPixels);
    const network = { classes, inputChannels, seed: config.seed, branch: index };
    const shape = networkOf(config.network, index);
    this.network = createNetwork(shape, network);
    this.teacher = method.teacher ? createNetwork(shape, network) : null;
    this.partLayers = new LayerBuilder(config.seed, method.parts?.alike ? 1 : index);
    this.parts = method.parts?.build(this.partLayers, {
      inputChannels,
      classes,
      contextChannels: this.network.contextChannels,
      contextStride: shape.outputStride,
      decoderChannels: this.network.decoderChannels,
    });
    this.trained = new Map([...this.network.variables, ...this.partLayers.variables]);
    const decayed = new Set([...this.network.decayed, ...this.partLayers.decayed]);
    this.optimisers = method.parts?.adam
      ? [
          createOptimiser(this.network.variables, decayed, config.optimiser),
          new Adam(this.partLayers.variables, method.parts.adam, { constantRate: method.parts.constantRate }),
        ]
      : [createOptimiser(this.trained, decayed, config.optimiser)];
    this.thresholds = new Thresholds(config.balance?.thresholds ?? { name: 'none' }, classes, options.classPixels);
  }

  get variables(): tf.Variable[] {
    return [...this.trained.values()];
  }

  /** Runs before each step: updates the teacher from the network, or swaps the two at the start of a second round. */
  prepare(step: number, { restarts }: Rates): void {
    if (restarts) this.startAgain();
    if (!this.teacher) return;
    const decay = this.method.teacher!.decay(step);
    follow(this.teacher.variables, this.network.variables, decay);
    follow(this.teacher.buffers, this.network.buffers, decay);
  }

  /** This network as a method sees it in a step. */
  view(step: number, { ramp, round }: Rates): BranchView {
    const { network } = this;
    const { config } = this.options;
    const { onLabels, onPseudoLabels } = this.factors;
    const supervisedParts: Record<string, tf.Scalar> = {};
    return {
      seed: config.seed,
      branch: this.index,
      step,
      iterations: config.training.iterations,
      ramp,
      round,
      parts: this.parts,
      stages: network.stages('train'),
      supervisedLoss: (logits, labels, hard) => {
        if (config.balance) {
          this.trueClass = tf.keep(withoutGradient(() => trueClassProbability(logits, labels)));
        }
        const plan = { loss: lossOn(hard, config.loss), losses: config.balance?.losses ?? null, classes: onLabels };
        const { total, parts } = lossParts(plan, logits, labels);
        Object.assign(supervisedParts, parts);
        return total;
      },
      supervisedParts,
      pseudoLabelLoss: (logits, labels) =>
        crossEntropy(adjusted(logits, onPseudoLabels), labels, { weights: onPseudoLabels?.weights }),
      thresholds: this.thresholds,
      forward: (images) => network.forward(images, 'train'),
      predict: (images, mode = 'train') => withoutGradient(() => network.forward(images, mode)),
      teach: (images, mode = 'train') => {
        const teacher = this.declaredTeacher();
        return withoutGradient(() => teacher.forward(images, mode));
      },
      moveTeacher: (decay) => {
        const { variables } = this.declaredTeacher();
        follow(variables, network.variables, decay);
      },
    };
  }

  private declaredTeacher(): SegmentationNetwork {
    if (!this.teacher) throw new Error('this method has no teacher; to use one, it must declare `teacher`');
    return this.teacher;
  }

  /**
   * How probable the network found the true classes of the labelled pixels in the step that was just taken; null if the run does
   * not need to know.
   */
  async takeTrueClass(labels: Uint8Array): Promise<TrueClassSums | null> {
    const { trueClass } = this;
    if (!trueClass) return null;
    this.trueClass = null;
    try {
      return trueClassSums(await readValues(trueClass), labels, this.options.classes);
    } finally {
      trueClass.dispose();
    }
  }

  /**
   * Updates every weight by its gradient (by variable name). A weight that no loss depends on has none and stays as it is.
   * Clips the gradients of what the configured optimiser trains, if the configuration says so.
   * @returns the norm of these gradients before clipping; null without clipping, and if there are none
   */
  descend(gradients: tf.NamedTensorMap, step: number, rates: Rates): tf.Scalar | null {
    const { config } = this.options;
    const { clipNorm } = config.optimiser;
    const clipped = [...this.optimisers[0]!.variables.values()].map(({ name }) => name);
    const norm = clipNorm === null ? null : clipGradients(gradients, clipped, clipNorm);
    for (const optimiser of this.optimisers) optimiser.step(gradients, stepOfRound(config, step), rates);
    return norm;
  }

  /**
   * Class probabilities, count x height x width x classes, from the network or its teacher, whichever the method evaluates.
   * Images larger than the crop are predicted with a sliding window, unless the run evaluates whole images.
   */
  async predict({ count, height, width, channels, images }: Images): Promise<Float32Array> {
    const probabilities = tf.tidy(() => {
      const input = tf.tensor4d(images, [count, height, width, channels]);
      const network = this.method.teacher?.evaluated ? this.teacher! : this.network;
      const { training, augmentation } = this.options.config;
      const logitsOf = (window: tf.Tensor4D) => network.forward(window, 'evaluate');
      return tf.softmax(training.evaluateWhole ? logitsOf(input) : slidingLogits(input, augmentation.crop, logitsOf));
    });
    try {
      return await readValues(probabilities);
    } finally {
      probabilities.dispose();
    }
  }

  /** Keeps a copy of the network, which becomes the teacher when the second round starts. */
  keep(): void {
    this.kept.keep(this.network);
  }

  async save(): Promise<BranchState> {
    const state: BranchState = {};
    for (const [name, tensor] of this.tensors()) {
      state[name] = { shape: tensor.shape, values: await readValues(tensor) };
    }
    for (const [name, values] of this.numbers()) state[name] = { shape: [values.length], values: values.slice() };
    return state;
  }

  /** @throws Error when a tensor of the state is missing, unknown or of the wrong shape. */
  load(state: BranchState): void {
    if (Object.keys(state).some((name) => name.startsWith('best_'))) this.keep();
    const tensors = this.tensors();
    const numbers = this.numbers();
    const shapes = new Map<string, readonly number[]>([
      ...[...tensors].map(([name, { shape }]) => [name, shape] as const),
      ...[...numbers].map(([name, { length }]) => [name, [length]] as const),
    ]);
    const unknown = Object.keys(state).find((name) => !shapes.has(name));
    if (unknown !== undefined) throw new Error(`the network has no tensor "${unknown}"`);
    for (const [name, shape] of shapes) {
      const saved = state[name];
      if (!saved) throw new Error(`tensor "${name}" is missing`);
      if (saved.shape.join() !== shape.join()) {
        throw new Error(`tensor "${name}" has shape [${saved.shape}], but the network needs [${shape}]`);
      }
    }
    for (const [name, values] of numbers) values.set(state[name]!.values);
    tf.tidy(() => {
      for (const [name, variable] of tensors) variable.assign(tf.tensor(state[name]!.values, variable.shape));
    });
  }

  dispose(): void {
    for (const tensor of this.memory().values()) tensor.dispose();
    for (const tensor of [...this.partLayers.variables.values(), ...this.partLayers.buffers.values()]) tensor.dispose();
    this.kept.dispose();
    this.teacher?.dispose();
    this.network.dispose();
  }

  /** The part of the state that is kept on the processor. */
  private numbers(): Map<string, Float32Array> {
    return new Map([...this.thresholds.state].map(([name, values]) => [`thresholds.${name}`, values]));
  }

  private tensors(): Map<string, tf.Variable> {
    return new Map([
      ...named('weights', this.network.variables),
      ...named('statistics', this.network.buffers),
      ...this.memory(),
      ...(this.teacher ? named('teacher_weights', this.teacher.variables) : []),
      ...(this.teacher ? named('teacher_statistics', this.teacher.buffers) : []),
      ...Object.entries(this.kept.groups).flatMap(([group, tensors]) => named(group, tensors)),
      ...named('part_weights', this.partLayers.variables),
      ...named('part_statistics', this.partLayers.buffers),
    ]);
  }

  /** The state of the optimisers. */
  private memory(): Map<string, tf.Variable> {
    const groups = this.optimisers.flatMap(({ memory }) => Object.entries(memory));
    return new Map(groups.flatMap(([group, tensors]) => named(group, tensors)));
  }

  /** Swaps the weights of network and teacher, which becomes the kept network if there is one, and clears the optimisers' state. */
  private startAgain(): void {
    const { network, teacher } = this;
    if (!teacher)
      throw new Error('this method trains in two rounds; it must declare a `teacher` to keep the initial weights');
    exchange(network.variables, teacher.variables);
    exchange(network.buffers, teacher.buffers);
    this.kept.moveTo(teacher);
    tf.tidy(() => {
      for (const tensor of this.memory().values()) tensor.assign(tf.zerosLike(tensor));
    });
  }
}

function named(group: string, tensors: ReadonlyMap<string, tf.Variable>): [string, tf.Variable][] {
  return [...tensors].map(([name, tensor]) => [`${group}.${name}`, tensor]);
}
