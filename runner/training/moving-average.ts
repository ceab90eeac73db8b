import { withoutGradient } from '../operations/index.js';
import { tf } from '../operations/tf.js';

/**
 * average ← decay × average + (1 − decay) × values, for tensors of the same name. A decay of 0 makes an exact copy. A gradient
 * does not see it, so it may run in the middle of a step.
 */
export function follow(
  average: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, tf.Variable>,
  decay: number,
): void {
  if (decay === 1) return;
  tf.tidy(() => {
    for (const [name, tensor] of average) {
      const value = values.get(name)!;
      const moved = () => tf.add(tf.mul(tensor, decay), tf.mul(value, 1 - decay));
      tensor.assign(withoutGradient(() => (decay === 0 ? tf.clone(value) : moved())));
    }
  });
}

/** Swaps the values of tensors of the same name. */
export function exchange(one: ReadonlyMap<string, tf.Variable>, other: ReadonlyMap<string, tf.Variable>): void {
  tf.tidy(() => {
    for (const [name, tensor] of one) {
      const counterpart = other.get(name)!;
      const kept = tf.clone(tensor);
      tensor.assign(tf.clone(counterpart));
      counterpart.assign(kept);
    }
  });
}
