import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { tf } from './tf.js';

/** The hardware of an engine was lost. Another machine, or a new process, can resume from the last checkpoint. */
export class DeviceLost extends Error {
  override readonly name = 'DeviceLost';
}

/** Whether the error is a lost device or was caused by one. It compares names: an error from another thread loses its class. */
export function isDeviceLost(error: Error): boolean {
  return error.name === 'DeviceLost' || (error.cause instanceof Error && isDeviceLost(error.cause));
}

/** Set once an engine has reported, asynchronously, that its results can no longer be trusted. */
let failure: Error | null = null;

/** Records why all further results of this thread's engine are invalid. Only the first cause is kept. */
export function reportEngineFailure(cause: Error): void {
  failure ??= cause;
}

/**
 * The cause of an error in code that uses an engine: the failure that the engine has reported, or else the error itself. It
 * waits for one turn of the event loop, because the engine may report later than the error.
 */
export async function causeOf(error: unknown): Promise<Error> {
  await eventLoopTurn();
  return failure ?? (error instanceof Error ? error : new Error(String(error)));
}

/** Resets the recorded failure, for a newly started engine. */
export function forgetEngineFailure(): void {
  failure = null;
}

/**
 * Reads the values of a tensor asynchronously, which is the only way on a GPU. The caller owns them and may change or
 * transfer them.
 * @throws Error with the cause when the engine has failed since it was started (a GPU device was lost or out of memory).
 * Such an engine continues with zeros, so every result must be read through this function.
 */
export async function readValues(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>().catch(async (error) => {
    throw await causeOf(error);
  });
  if (failure) throw failure;
  // Engines other than wasm return their own memory (cpu) or a cached copy (GPU engines), so copy it.
  return tf.getBackend() === 'wasm' ? values : values.slice();
}
