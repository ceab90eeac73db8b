import type { RunConfig } from '../../schema/run-config.js';
import { applySgd } from '../engines/operations.js';
import { tf } from '../engines/tf.js';

/** SGD with momentum over named variables; what it remembers of each is saved under the variable's name. */
export class Sgd {
  readonly momentum = new Map<string, tf.Variable>();

  constructor(
    private readonly variables: ReadonlyMap<string, tf.Variable>,
    /** Names of those that weight decay applies to. */
    private readonly decayed: ReadonlySet<string>,
    private readonly config: RunConfig['optimiser'],
  ) {
    for (const [name, variable] of variables) this.momentum.set(name, zerosLike(variable));
  }

  /** Moves every weight by its gradient (by variable name); a weight without one, which no loss reached, stays. */
  step(gradients: tf.NamedTensorMap, learningRate: number): void {
    const { momentum, weightDecay } = this.config;
    for (const [name, variable] of this.variables) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      applySgd(variable, gradient, this.momentum.get(name)!, {
        learningRate,
        momentum,
        weightDecay: this.decayed.has(name) ? weightDecay : 0,
      });
    }
  }

  dispose(): void {
    for (const tensor of this.momentum.values()) tensor.dispose();
  }
}

function zerosLike(variable: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
}
