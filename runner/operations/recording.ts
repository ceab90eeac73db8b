import { tf } from './tf.js';

/** The part of TensorFlow.js's engine that records operations for gradients. It is missing in the engine's type. */
interface Recorder {
  startTape(): void;
  endTape(): void;
  startScope(): void;
  endScope(result?: tf.TensorContainer): void;
  state: { activeTape: { saved?: tf.Tensor[] }[] | null };
}

/**
 * Returns the value of `compute` and its gradients with respect to the variables (by variable name), like
 * `tf.variableGrads`. Unlike there, `compute` may be asynchronous and wait for another thread or a GPU. Nothing else may
 * compute in this thread meanwhile: it would be recorded, too. Call this within a tensor scope. Tensors that `compute` leaves
 * behind are disposed of before the gradients are computed, unless kept.
 */
export async function gradientsOf(
  compute: () => Promise<tf.Scalar>,
  variables: tf.Variable[],
): Promise<{ value: tf.Scalar; grads: tf.NamedTensorMap }> {
  const recorder = tf.engine() as unknown as Recorder;
  recorder.startTape();
  recorder.startScope();
  let total: tf.Scalar | null = null;
  let tape: Recorder['state']['activeTape'] = null;
  try {
    total = await compute();
  } finally {
    tape = recorder.state.activeTape;
    recorder.endTape();
    recorder.endScope(total ?? undefined);
    // If `compute` failed, there is no backward pass to free the saved tensors, so free them here.
    if (!total) for (const { saved = [] } of tape ?? []) tf.dispose(saved);
  }
  const value = total;
  return tf.variableGrads(() => {
    recorder.state.activeTape = tape;
    return value;
  }, variables);
}
