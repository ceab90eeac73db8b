import type { RunConfig } from '../../schema/run-config.js';
import { type AdamOptions, applyAdam, applySgd } from '../operations/index.js';
import { tf } from '../operations/tf.js';
import type { Rates } from './schedule.js';

type Variables = ReadonlyMap<string, tf.Variable>;

/** Updates named variables by their gradients. Its state for each variable is saved under the variable's name. */
export interface Optimiser {
  /** State by the checkpoint's group, then by the variable's name. */
  readonly memory: Readonly<Record<string, Variables>>;
  /**
   * Updates every variable by its gradient (by variable name). A variable that no loss depends on has no gradient and stays
   * as it is. `step` is the number of iterations done before.
   */
  step(gradients: tf.NamedTensorMap, step: number, rates: Rates): void;
}

/** SGD with momentum, at the run's learning rate. */
export class Sgd implements Optimiser {
  readonly memory: { momentum: Variables };

  constructor(
    private readonly variables: Variables,
    /** Names of the variables that weight decay applies to. */
    private readonly decayed: ReadonlySet<string>,
    private readonly config: RunConfig['optimiser'],
  ) {
    this.memory = { momentum: zerosLike(variables) };
  }

  step(gradients: tf.NamedTensorMap, _step: number, { learningRate }: Rates): void {
    const { momentum, weightDecay } = this.config;
    for (const [name, variable] of this.variables) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      applySgd(variable, gradient, this.memory.momentum.get(name)!, {
        learningRate,
        momentum,
        weightDecay: this.decayed.has(name) ? weightDecay : 0,
      });
    }
  }
}

/** Adam with its own learning rate, which decays as the run's does unless it is constant. `step` must be called for every step from the first. */
export class Adam implements Optimiser {
  /** Named as in the state of PyTorch's optimiser. */
  readonly memory: { exp_avg: Variables; exp_avg_sq: Variables };

  constructor(
    private readonly variables: Variables,
    private readonly config: AdamOptions,
    private readonly constantRate = false,
  ) {
    this.memory = { exp_avg: zerosLike(variables), exp_avg_sq: zerosLike(variables) };
  }

  step(gradients: tf.NamedTensorMap, step: number, { fall }: Rates): void {
    const options = { ...this.config, learningRate: this.config.learningRate * (this.constantRate ? 1 : fall) };
    for (const [name, variable] of this.variables) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      const moments = { mean: this.memory.exp_avg.get(name)!, square: this.memory.exp_avg_sq.get(name)! };
      applyAdam(variable, gradient, moments, step + 1, options);
    }
  }
}

function zerosLike(variables: Variables): Variables {
  return new Map([...variables].map(([name, { shape }]) => [name, tf.tidy(() => tf.variable(tf.zeros(shape), false))]));
}
