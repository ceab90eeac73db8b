import { forgetEngineFailure } from '../operations/read-back.js';
import { tf } from '../operations/tf.js';

/**
 * Makes an engine TensorFlow.js's backend for this thread.
 * @throws Error when the engine fails to start.
 */
export async function selectBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`engine "${name}" failed to start`);
  await tf.ready();
  forgetEngineFailure();
}
