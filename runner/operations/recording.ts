import { tf } from './tf.js';

/** The tape of TensorFlow.js's engine, where it keeps what a gradient function did; its type leaves it out. */
interface Recorder {
  startTape(): void;
  endTape(): void;
  startScope(): void;
  endScope(result?: tf.TensorContainer): void;
  state: { activeTape: { saved?: tf.Tensor[] }[] | null };
}

/**
 * The value of `compute` and its gradients to the variables (by variable name), as `tf.variableGrads` gives them. That
 * records within one synchronous function; here `compute` may wait in the middle, for what another thread or a GPU has to
 * say. Meanwhile nothing else may compute in this thread: it would be recorded too. Call it within a scope of tensors; those
 * that `compute` leaves are disposed of before the gradients are taken, unless kept.
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
    // Without a result nobody goes back through the tape, which frees what was saved for that.
    if (!total) for (const { saved = [] } of tape ?? []) tf.dispose(saved);
  }
  const value = total;
  return tf.variableGrads(() => {
    recorder.state.activeTape = tape;
    return value;
  }, variables);
}
