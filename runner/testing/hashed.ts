import { tf } from '../operations/tf.js';

/** float32 values, uniform in [-scale, scale), from a 32-bit integer hash of seed and position; the same as in hashed.py. */
export function hashed<T extends tf.Tensor>(seed: number, shape: number[], scale = 1): T {
  return tf.tensor(hashedValues(seed, sizeOf(shape), scale), shape) as T;
}

/** The same without a tensor. */
export function hashedValues(seed: number, size: number, scale = 1): Float32Array<ArrayBuffer> {
  const values = new Float32Array(size);
  const start = Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < size; index++) {
    let x = (index + start) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x21f0aaad);
    x ^= x >>> 15;
    x = Math.imul(x, 0x735a2d97);
    x ^= x >>> 15;
    values[index] = ((x >>> 0) / 2 ** 31 - 1) * scale;
  }
  return values;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Random classes for the pixels of a batch; those whose draw from the second seed is below `ignored(image)`, in [0, 1], are 255. */
export function hashedLabels(
  seeds: readonly [draws: number, ignored: number],
  shape: readonly number[],
  classes: number,
  ignored: (image: number) => number,
): Uint8Array {
  const pixels = sizeOf(shape);
  const draws = hashedValues(seeds[1], pixels);
  return Uint8Array.from(hashedValues(seeds[0], pixels), (draw, i) =>
    (draws[i]! + 1) / 2 < ignored(Math.floor((i * shape[0]!) / pixels))
      ? 255
      : Math.min(classes - 1, Math.floor(((draw + 1) / 2) * classes)),
  );
}
