import type { Batch, StepBatches } from '../../data/dataset.js';
import { constant } from '../../operations/index.js';
import { readValues } from '../../operations/read-back.js';
import { gradientsOf } from '../../operations/recording.js';
import { tf } from '../../operations/tf.js';
import { type Losses, type Method, type MethodStep, Reading, type StepTensors } from '../methods/method.js';
import type { Rates } from '../schedule.js';
import type { Branch } from './branch.js';
import type { LossValues } from './branches.js';
import { inTurn } from './in-turn.js';

/** Turns what each branch here showed into what each branch here receives. */
export type Meet = (shown: tf.Tensor[]) => tf.Tensor[] | Promise<tf.Tensor[]>;

export interface Step {
  /** Iterations done before it. */
  step: number;
  batches: StepBatches;
  rates: Rates;
  /** Whether the pseudo-labels are wanted. */
  watch: boolean;
}

/**
 * One training step of the branches that live in this thread; in its middle, `meet` exchanges what they show. That carries no
 * gradient: minimising the sum of the totals gives each branch the gradient of its own. Values are read without blocking,
 * which is what an engine on a GPU can do.
 */
export async function gradientStep(
  method: Method,
  branches: readonly Branch[],
  { step, batches, rates, watch }: Step,
  meet: Meet,
): Promise<LossValues[]> {
  // A step waits in the middle, which tf.tidy does not allow.
  tf.engine().startScope();
  try {
    const tensors = toTensors(batches);
    for (const branch of branches) branch.prepare(step, rates);
    const variables = branches.flatMap((branch) => branch.variables);
    let losses: Losses[] = [];
    const { grads } = await gradientsOf(async () => {
      losses = await inLockStep(
        branches.map((branch) => method.step(branch.view(step, rates), tensors)),
        meet,
      );
      // Kept from the tidying that ends the recording.
      for (const tensor of tensorsOf(losses)) tf.keep(tensor);
      return tf.addN(losses.map(({ total }) => total)) as tf.Scalar;
    }, variables);
    for (const branch of branches) branch.descend(grads, step, rates);
    const values: LossValues[] = [];
    for (const loss of losses) values.push(await toNumbers(loss, watch));
    tf.dispose(tensorsOf(losses));
    return values;
  } finally {
    tf.engine().endScope();
  }
}

/** Runs the branches from meeting to meeting until all have their losses. */
export async function inLockStep(steps: MethodStep[], meet: Meet): Promise<Losses[]> {
  // In turn: two that wait at the same time would record into each other's gradients in another order.
  let turns = await inTurn(steps.map((step) => () => untilShown(step, step.next())));
  for (;;) {
    const shown = turns.flatMap((turn) => (turn.done ? [] : [turn.value]));
    if (shown.length === 0) return turns.map((turn) => turn.value as Losses);
    if (shown.length < steps.length) throw new Error('a method must show something equally often in every branch');
    const received = await meet(shown.map(constant));
    turns = await inTurn(steps.map((step, i) => () => untilShown(step, step.next(received[i]!))));
  }
}

/** Answers what a branch reads until it shows something or is done. */
async function untilShown(
  step: MethodStep,
  turn: ReturnType<MethodStep['next']>,
): Promise<IteratorResult<tf.Tensor, Losses>> {
  let next = turn;
  while (!next.done && next.value instanceof Reading) next = step.next(await readValues(next.value.tensor));
  return next as IteratorResult<tf.Tensor, Losses>;
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
    strong: unlabelled ? strongViews(unlabelled) : [],
    strongMix: unlabelledMix ? strongViews(unlabelledMix) : [],
  };
}

function imagesOf({ images, count, height, width, channels }: Omit<Batch, 'strong'>): tf.Tensor4D {
  return tf.tensor4d(images, [count, height, width, channels]);
}

function strongViews({ strong, ...batch }: Batch): tf.Tensor4D[] {
  return strong.map((images) => imagesOf({ ...batch, images }));
}

function tensorsOf(losses: Losses[]): tf.Tensor[] {
  return losses.flatMap(({ total, parts, shares, pseudoLabels }) => [
    total,
    ...Object.values(parts),
    ...Object.values(shares ?? {}),
    ...(pseudoLabels ? [pseudoLabels] : []),
  ]);
}

/** One branch's losses, with the pseudo-labels where they are wanted. */
async function toNumbers({ total, parts, shares = {}, pseudoLabels }: Losses, watch: boolean): Promise<LossValues> {
  const scalars = tf.stack([total, ...Object.values(parts), ...Object.values(shares)]);
  const [sum, ...values] = await readValues(scalars);
  const names = [...Object.keys(parts), ...Object.keys(shares)];
  const named = names.map((name, i) => [name, values[i]!] as const);
  const count = Object.keys(parts).length;
  return {
    total: sum!,
    parts: Object.fromEntries(named.slice(0, count)) as LossValues['parts'],
    shares: Object.fromEntries(named.slice(count)),
    ...(watch && pseudoLabels && { pseudoLabels: new Uint8Array(await readValues(pseudoLabels)) }),
  };
}
