import type { Batch, StepBatches } from '../../data/dataset.js';
import { tf } from '../../engines/tf.js';
import type { Losses, Method, MethodStep, StepTensors } from '../methods/method.js';
import type { Rates } from '../schedule.js';
import type { Branch, LossValues } from './branch.js';

/** Turns what each branch here showed into what each branch here receives. */
export type Meet = (shown: tf.Tensor3D[]) => tf.Tensor3D[];

/**
 * One training step of the branches that live in this thread. TensorFlow.js records a gradient within one synchronous
 * function, so the exchange of label maps, `meet`, happens inside it. Label maps carry no gradient: minimising the sum of
 * the totals gives each branch the gradient of its own.
 */
export function gradientStep(
  method: Method,
  branches: readonly Branch[],
  step: number,
  batches: StepBatches,
  rates: Rates,
  meet: Meet,
): LossValues[] {
  let results: LossValues[] = [];
  tf.tidy(() => {
    const tensors = toTensors(batches);
    const variables = branches.flatMap((branch) => [...branch.network.variables.values()]);
    let losses: Losses[] = [];
    const { grads } = tf.variableGrads(() => {
      losses = inLockStep(
        branches.map((branch) => method.step(branch.view(step, rates.crossWeight), tensors)),
        meet,
      );
      for (const scalar of losses.flatMap((loss) => Object.values(loss))) tf.keep(scalar);
      return tf.addN(losses.map(({ total }) => total)) as tf.Scalar;
    }, variables);
    for (const branch of branches) branch.descend(grads, rates.learningRate);
    results = losses.map(toNumbers);
  });
  return results;
}

/** Runs the branches from meeting to meeting until all have their losses. */
function inLockStep(steps: MethodStep[], meet: Meet): Losses[] {
  let turns = steps.map((step) => step.next());
  for (;;) {
    const shown = turns.flatMap((turn) => (turn.done ? [] : [turn.value]));
    if (shown.length === 0) return turns.map((turn) => turn.value as Losses);
    if (shown.length < steps.length) throw new Error('a method must show its labels equally often in every branch');
    const received = meet(shown);
    turns = steps.map((step, i) => step.next(received[i]!));
  }
}

function toTensors({ labelled, unlabelled, unlabelledMix }: StepBatches): StepTensors {
  const { count, height, width } = labelled;
  return {
    labelled: {
      images: imagesOf(labelled),
      labels: tf.tensor3d(new Int32Array(labelled.labels), [count, height, width], 'int32'),
    },
    unlabelled: unlabelled && imagesOf(unlabelled),
    unlabelledMix: unlabelledMix && imagesOf(unlabelledMix),
  };
}

function imagesOf({ images, count, height, width }: Batch): tf.Tensor4D {
  return tf.tensor4d(images, [count, height, width, 3]);
}

/** Reads the scalars, which were kept, and disposes of them; `total` and `supervised` may be one tensor. */
function toNumbers(losses: Losses): LossValues {
  const values = Object.entries(losses).map(([name, scalar]) => [name, (scalar as tf.Scalar).dataSync()[0]]);
  tf.dispose(Object.values(losses));
  return Object.fromEntries(values);
}
