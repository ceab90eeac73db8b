import { tf } from '../operations/tf.js';

/** float32 values, uniform in [-scale, scale), from a 32-bit integer hash of seed and position; the same as in hashed.py. */
export function hashed<T extends tf.Tensor>(seed: number, shape: number[], scale = 1): T {
  const size = shape.reduce((product, side) => product * side, 1);
  const start = Math.imul(seed, 0x9e3779b1);
  const values = Float32Array.from({ length: size }, (_, index) => {
    let x = (index + start) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x21f0aaad);
    x ^= x >>> 15;
    x = Math.imul(x, 0x735a2d97);
    x ^= x >>> 15;
    return ((x >>> 0) / 2 ** 31 - 1) * scale;
  });
  return tf.tensor(values, shape) as T;
}
