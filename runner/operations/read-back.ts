import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { tf } from './tf.js';

/** The hardware under an engine is gone: another machine, or a new process, can go on from the last checkpoint. */
export class DeviceLost extends Error {
  override readonly name = 'DeviceLost';
}

/** Whether the error says so, or one that crossed threads, of which the name is left, caused it. */
export function isDeviceLost(error: Error): boolean {
  return error.name === 'DeviceLost' || (error.cause instanceof Error && isDeviceLost(error.cause));
}

/** Set once an engine has said, at a time of its own, that it can no longer be trusted. */
let failure: Error | null = null;

/** Remembers the first cause for which every later result of this thread's engine is worthless. */
export function reportEngineFailure(cause: Error): void {
  failure ??= cause;
}

/**
 * What an error that an engine's user met comes from: the engine's own failure where it has said one, else the error
 * itself. An engine may say so a turn of the event loop later.
 */
export async function causeOf(error: unknown): Promise<Error> {
  await eventLoopTurn();
  return failure ?? (error instanceof Error ? error : new Error(String(error)));
}

/** A newly started engine has not failed. */
export function forgetEngineFailure(): void {
  failure = null;
}

/**
 * The tensor's values, read without blocking: a GPU can give them in no other way. They are the caller's to change or to
 * transfer.
 * @throws Error with the cause when the engine has failed since it was started (a GPU device was lost or out of memory):
 * such an engine goes on with zeros, so every result must be read through this function.
 */
export async function readValues(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>().catch(async (error) => {
    throw await causeOf(error);
  });
  if (failure) throw failure;
  // The others give what they keep themselves: cpu its memory, the engines of GPUs what they have cached of theirs.
  return tf.getBackend() === 'wasm' ? values : values.slice();
}
