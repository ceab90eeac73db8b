import type { RunConfig } from '../../schema/run-config.js';
import { isInBackbone } from '../networks/network.js';
import { type AdamOptions, applyAdam, applySgd } from '../operations/index.js';
import { tf } from '../operations/tf.js';
import type { Rates } from './schedule.js';

type Variables = ReadonlyMap<string, tf.Variable>;

/** Updates named variables by their gradients. Its state for each variable is saved under the variable's name. */
export interface Optimiser {
  /** What it updates, by name. */
  readonly variables: Variables;
  /** State by the checkpoint's group, then by the variable's name. */
  readonly memory: Readonly<Record<string, Variables>>;
  /**
   * Updates every variable by its gradient (by variable name). A variable that no loss depends on has no gradient and stays
   * as it is. `step` is the number of iterations done before in this round.
   */
  step(gradients: tf.NamedTensorMap, step: number, rates: Rates): void;
}

/** What one variable has for itself: the settings of its parameter group in PyTorch's optimisers. */
interface GroupSettings {
  /** Multiplies the learning rate. */
  factor: number;
  weightDecay: number;
}

type GroupOf = (name: string) => GroupSettings;

/** Adam's second beta and epsilon, PyTorch's defaults. The first beta is the configured momentum. */
const SECOND_BETA = 0.999;
const EPSILON = 1e-8;

/**
 * The optimiser that a configuration asks for.
 * @param decayed names of the convolution weights
 */
export function createOptimiser(
  variables: Variables,
  decayed: ReadonlySet<string>,
  config: RunConfig['optimiser'],
): Optimiser {
  const groupOf: GroupOf = (name) => ({
    factor: isInBackbone(name) ? config.backboneFactor : config.headFactor,
    weightDecay: config.weightDecayOn === 'all' || decayed.has(name) ? config.weightDecay : 0,
  });
  const { name, learningRate, momentum } = config;
  if (name === 'sgd') return new Sgd(variables, momentum, groupOf);
  const adam = { learningRate, betas: [momentum, SECOND_BETA], epsilon: EPSILON, decoupled: name === 'adamw' } as const;
  return new Adam(variables, adam, { groupOf });
}

/** SGD with momentum, at the run's learning rate. */
class Sgd implements Optimiser {
  readonly memory: { momentum: Variables };

  constructor(
    readonly variables: Variables,
    private readonly momentum: number,
    private readonly groupOf: GroupOf,
  ) {
    this.memory = { momentum: zerosLike(variables) };
  }

  step(gradients: tf.NamedTensorMap, _step: number, { learningRate }: Rates): void {
    const { momentum } = this;
    for (const [name, variable] of this.variables) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      const { factor, weightDecay } = this.groupOf(name);
      const options = { learningRate: learningRate * factor, momentum, weightDecay };
      applySgd(variable, gradient, this.memory.momentum.get(name)!, options);
    }
  }
}

/** What differs from one learning rate for all variables, which decays as the run's does, and no weight decay. */
interface AdamGroups {
  groupOf?: GroupOf;
  constantRate?: boolean;
}

/** Adam or AdamW, with its own learning rate. `step` must be called for every step from the first. */
export class Adam implements Optimiser {
  /** Named as in the state of PyTorch's optimiser. */
  readonly memory: { exp_avg: Variables; exp_avg_sq: Variables };
  private readonly groupOf: GroupOf;
  private readonly constantRate: boolean;

  constructor(
    readonly variables: Variables,
    private readonly config: AdamOptions,
    { groupOf = () => ({ factor: 1, weightDecay: 0 }), constantRate = false }: AdamGroups = {},
  ) {
    this.groupOf = groupOf;
    this.constantRate = constantRate;
    this.memory = { exp_avg: zerosLike(variables), exp_avg_sq: zerosLike(variables) };
  }

  step(gradients: tf.NamedTensorMap, step: number, { fall }: Rates): void {
    const learningRate = this.config.learningRate * (this.constantRate ? 1 : fall);
    for (const [name, variable] of this.variables) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      const moments = { mean: this.memory.exp_avg.get(name)!, square: this.memory.exp_avg_sq.get(name)! };
      const { factor, weightDecay } = this.groupOf(name);
      const options = { ...this.config, learningRate: learningRate * factor, weightDecay };
      applyAdam(variable, gradient, moments, step + 1, options);
    }
  }
}

function zerosLike(variables: Variables): Variables {
  return new Map([...variables].map(([name, { shape }]) => [name, tf.tidy(() => tf.variable(tf.zeros(shape), false))]));
}
