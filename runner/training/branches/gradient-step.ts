import type { Batch, StepBatches } from '../../data/dataset.js';
import { readValues } from '../../engines/failure.js';
import { gradientsOf } from '../../engines/recording.js';
import { tf } from '../../engines/tf.js';
import type { Losses, Method, MethodStep, StepTensors } from '../methods/method.js';
import type { Rates } from '../schedule.js';
import type { Branch, LossValues } from './branch.js';

/** Turns what each branch here showed into what each branch here receives. */
export type Meet = (shown: tf.Tensor3D[]) => tf.Tensor3D[] | Promise<tf.Tensor3D[]>;

/**
 * One training step of the branches that live in this thread; in its middle, `meet` exchanges label maps. They carry no
 * gradient: minimising the sum of the totals gives each branch the gradient of its own. Values are read without blocking,
 * which is what an engine on a GPU can do.
 */
export async function gradientStep(
  method: Method,
  branches: readonly Branch[],
  step: number,
  batches: StepBatches,
  rates: Rates,
  meet: Meet,
): Promise<LossValues[]> {
  // A step waits in the middle, which tf.tidy does not allow.
  tf.engine().startScope();
  try {
    const tensors = toTensors(batches);
    const variables = branches.flatMap((branch) => [...branch.network.variables.values()]);
    let losses: Losses[] = [];
    const { grads } = await gradientsOf(async () => {
      losses = await inLockStep(
        branches.map((branch) => method.step(branch.view(step, rates.crossWeight), tensors)),
        meet,
      );
      // Kept from the tidying that ends the recording.
      for (const scalar of scalarsOf(losses)) tf.keep(scalar);
      return tf.addN(losses.map(({ total }) => total)) as tf.Scalar;
    }, variables);
    for (const branch of branches) branch.descend(grads, rates.learningRate);
    const scalars = tf.stack(scalarsOf(losses));
    tf.dispose(scalarsOf(losses));
    return toNumbers(losses, await readValues(scalars));
  } finally {
    tf.engine().endScope();
  }
}

/** Runs the branches from meeting to meeting until all have their losses. */
async function inLockStep(steps: MethodStep[], meet: Meet): Promise<Losses[]> {
  let turns = steps.map((step) => step.next());
  for (;;) {
    const shown = turns.flatMap((turn) => (turn.done ? [] : [turn.value]));
    if (shown.length === 0) return turns.map((turn) => turn.value as Losses);
    if (shown.length < steps.length) throw new Error('a method must show its labels equally often in every branch');
    const received = await meet(shown);
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

function imagesOf({ images, count, height, width, channels }: Batch): tf.Tensor4D {
  return tf.tensor4d(images, [count, height, width, channels]);
}

function scalarsOf(losses: Losses[]): tf.Scalar[] {
  return losses.flatMap((loss) => Object.values(loss) as tf.Scalar[]);
}

/** The names of the losses with their values, which are in the order of `scalarsOf`. */
function toNumbers(losses: Losses[], values: Float32Array): LossValues[] {
  let next = 0;
  return losses.map((loss) => {
    const named = Object.keys(loss).map((name) => [name, values[next++]!]);
    return Object.fromEntries(named) as LossValues;
  });
}
