import { tf } from '../engines/tf.js';

/** average ← decay average + (1 − decay) values, for each tensor of the same name; a decay of 0 copies exactly. */
export function follow(
  average: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, tf.Variable>,
  decay: number,
): void {
  if (decay === 1) return;
  tf.tidy(() => {
    for (const [name, tensor] of average) {
      const value = values.get(name)!;
      tensor.assign(decay === 0 ? tf.clone(value) : tf.add(tf.mul(tensor, decay), tf.mul(value, 1 - decay)));
    }
  });
}
