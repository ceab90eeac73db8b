import { readValues } from '../operations/read-back.js';
import { tf } from '../operations/tf.js';
import { hashedValues, sizeOf } from './hashed.js';

/** The Python script of the networks' fixture (networks/fixtures/deeplabv3plus.py) explains it. */
const BOTTLENECK_SCALE = 0.1;

/** The tensor of a network that is at `index` in the list of names, with the numbers that the Python script gives it. */
export function hashedTensor(name: string, shape: number[], index: number): tf.Tensor {
  return tf.tensor(hashedTensorValues(name, shape, index + 1), shape);
}

/** The numbers that the Python script gives a tensor of this name. */
export function hashedTensorValues(name: string, shape: number[], seed: number): Float32Array<ArrayBuffer> {
  const values = (scale: number) => hashedValues(seed, sizeOf(shape), scale);
  if (name.endsWith('running_mean')) return values(0.1);
  if (name.endsWith('running_var')) return values(0.5).map((value) => value + 1);
  if (shape.length === 4) return values(Math.sqrt(6 / (shape[0]! * shape[1]! * shape[2]!)));
  if (name.endsWith('.bn3.weight')) return values(0.3).map((value) => Math.fround(value + 1) * BOTTLENECK_SCALE);
  return name.endsWith('.weight') ? values(0.3).map((value) => value + 1) : values(0.3);
}

const SEEDS_OF_DIRECTIONS = [901, 902];
/** By length: a network has many tensors of the same one. */
const directions = new Map<number, Float32Array[]>();

/** A few numbers that identify a tensor, as in the script: its norm and its dot products with two hashed directions. */
export function summaryOf(values: ArrayLike<number>): number[] {
  const { length } = values;
  const known = directions.get(length) ?? SEEDS_OF_DIRECTIONS.map((seed) => hashedValues(seed, length));
  directions.set(length, known);
  return [Math.sqrt(product(values, values)), ...known.map((direction) => product(values, direction))];
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export async function summaryOfTensor(tensor: tf.Tensor): Promise<number[]> {
  return summaryOf(await readValues(tensor));
}

/** The three numbers of the tensor at `index` in a list of summaries. */
export function summaryAt(summaries: number[], index: number): number[] {
  return summaries.slice(3 * index, 3 * index + 3);
}
