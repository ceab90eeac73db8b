import type { SegmentationNetwork } from '../../networks/segmentation-network.js';
import { tf } from '../../operations/tf.js';

type Tensors = ReadonlyMap<string, tf.Variable>;

/** A copy of a network's weights and running statistics, while there is one. */
export class KeptNetwork {
  private copy: { weights: Tensors; statistics: Tensors } | null = null;

  /** Copies the network as it is now, in place of an earlier copy. */
  keep({ variables, buffers }: SegmentationNetwork): void {
    this.copy ??= { weights: zerosLike(variables), statistics: zerosLike(buffers) };
    assign(this.copy.weights, variables);
    assign(this.copy.statistics, buffers);
  }

  /** Gives the network the copy's weights and statistics, and frees the copy. Without a copy, nothing changes. */
  moveTo({ variables, buffers }: SegmentationNetwork): void {
    if (!this.copy) return;
    assign(variables, this.copy.weights);
    assign(buffers, this.copy.statistics);
    this.dispose();
  }

  /** The tensors of the copy, by group; empty without a copy. */
  get groups(): Record<string, Tensors> {
    return this.copy ? { best_weights: this.copy.weights, best_statistics: this.copy.statistics } : {};
  }

  dispose(): void {
    for (const tensors of this.copy ? Object.values(this.copy) : []) tf.dispose([...tensors.values()]);
    this.copy = null;
  }
}

function zerosLike(tensors: Tensors): Tensors {
  return new Map([...tensors].map(([name, { shape }]) => [name, tf.tidy(() => tf.variable(tf.zeros(shape), false))]));
}

function assign(into: Tensors, from: Tensors): void {
  tf.tidy(() => {
    for (const [name, tensor] of into) tensor.assign(tf.clone(from.get(name)!));
  });
}
