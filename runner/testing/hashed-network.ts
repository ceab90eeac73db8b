import { readValues } from '../operations/read-back.js';
import type { tf } from '../operations/tf.js';
import { hashed } from './hashed.js';

/** The Python script of the networks' fixture (networks/fixtures/deeplabv3plus.py) explains it. */
const BOTTLENECK_SCALE = 0.1;

/** The tensor of a network that is at `index` in the list of names, with the numbers that the Python script gives it. */
export function hashedTensor(name: string, shape: number[], index: number): tf.Tensor {
  const values = (scale: number) => hashed(index + 1, shape, scale);
  if (name.endsWith('running_mean')) return values(0.1);
  if (name.endsWith('running_var')) return values(0.5).add(1);
  if (shape.length === 4) return values(Math.sqrt(6 / (shape[0]! * shape[1]! * shape[2]!)));
  if (name.endsWith('.bn3.weight')) return values(0.3).add(1).mul(BOTTLENECK_SCALE);
  return values(0.3).add(name.endsWith('.weight') ? 1 : 0);
}

/** A few numbers that identify a tensor, as in the script: its norm and its dot products with two hashed directions. */
export function summaryOf(values: Float32Array): number[] {
  const directions = [901, 902].map((seed) => hashed(seed, [values.length]).dataSync<'float32'>());
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return [Math.sqrt(product(values, values)), ...directions.map((direction) => product(values, direction))];
}

export async function summaryOfTensor(tensor: tf.Tensor): Promise<number[]> {
  return summaryOf((await readValues(tensor)) as Float32Array);
}

/** The three numbers of the tensor at `index` in a list of summaries. */
export function summaryAt(summaries: number[], index: number): number[] {
  return summaries.slice(3 * index, 3 * index + 3);
}
