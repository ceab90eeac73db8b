import type { tf } from '../operations/tf.js';

/** A request for the values of a tensor; see `read`. */
export class Reading {
  constructor(readonly tensor: tf.Tensor) {}
}

/** Reads the values of a tensor in the middle of a step: `yield* read(tensor)`. It yields because GPU reads are asynchronous. */
export function* read(tensor: tf.Tensor): Generator<Reading, Float32Array, tf.Tensor | Float32Array> {
  return (yield new Reading(tensor)) as Float32Array;
}
