import type { Batch, StepBatches } from '../../data/dataset.js';
import { constant } from '../../operations/index.js';
import { readValues } from '../../operations/read-back.js';
import { gradientsOf } from '../../operations/recording.js';
import { tf } from '../../operations/tf.js';
import {
  type BranchView,
  type FurtherLosses,
  type Losses,
  type Method,
  type MethodStep,
  type StepTensors,
} from '../methods/method.js';
import { Reading } from '../reading.js';
import type { Rates } from '../schedule.js';
import type { Branch } from './branch.js';
import type { LossValues } from './branches.js';
import { inTurn } from './in-turn.js';

/** Takes what each branch of this thread shows and returns what each of them receives. */
export type Meet = (shown: tf.Tensor[]) => tf.Tensor[] | Promise<tf.Tensor[]>;

export interface Step {
  /** The number of iterations done before this step. */
  step: number;
  batches: StepBatches;
  rates: Rates;
  /** Whether to return the pseudo-labels. */
  watch: boolean;
}

/**
 * Runs one training step of the branches in this thread. In the middle of the step, `meet` exchanges what they show. What is
 * shown carries no gradient, so minimising the sum of all totals gives each branch the gradient of its own total. Values are
 * read asynchronously, because a GPU engine has no other way.
 */
export async function gradientStep(
  method: Method,
  branches: readonly Branch[],
  { step, batches, rates, watch }: Step,
  meet: Meet,
): Promise<LossValues[]> {
  // A step awaits in the middle, which tf.tidy does not allow.
  tf.engine().startScope();
  try {
    const tensors = toTensors(batches);
    for (const branch of branches) branch.prepare(step, rates);
    const descend = <Results extends FurtherLosses>(start: (view: BranchView) => MethodStep<Results>) =>
      descent(branches, start, { step, rates }, meet);
    const { second } = method;
    const first = await descend((view) => withSupervisedParts(view, method.step(view, tensors)));
    const further = second && (await descend((view) => second(view, tensors)));
    const losses = first.losses.map((each, i) => joined(each, further?.losses[i]));
    const values: LossValues[] = [];
    for (const [i, loss] of losses.entries()) {
      const trueClass = await branches[i]!.takeTrueClass(batches.labelled.labels);
      values.push({ ...(await toNumbers(loss, first.norms[i]!, watch)), ...(trueClass && { trueClass }) });
    }
    tf.dispose([...tensorsOf(first.losses), ...tensorsOf(further?.losses ?? []), ...tensorsOf(losses)]);
    for (const norm of [...first.norms, ...(further?.norms ?? [])]) norm?.dispose();
    return values;
  } finally {
    tf.engine().endScope();
  }
}

/** What a descent leaves of each branch; the caller disposes of it. */
interface Descent<Results> {
  losses: Results[];
  /** See `Branch.descend`. */
  norms: (tf.Scalar | null)[];
}

/** Computes the losses of all branches, and updates the weights that they depend on. */
async function descent<Results extends FurtherLosses>(
  branches: readonly Branch[],
  start: (view: BranchView) => MethodStep<Results>,
  { step, rates }: Pick<Step, 'step' | 'rates'>,
  meet: Meet,
): Promise<Descent<Results>> {
  let losses: Results[] = [];
  const { grads } = await gradientsOf(
    async () => {
      losses = await inLockStep(
        branches.map((branch) => start(branch.view(step, rates))),
        meet,
      );
      // The end of the recording would dispose of these.
      for (const tensor of tensorsOf(losses)) tf.keep(tensor);
      return tf.addN(losses.map(({ total }) => total)) as tf.Scalar;
    },
    branches.flatMap((branch) => branch.variables),
  );
  const norms = branches.map((branch) => branch.descend(grads, step, rates));
  tf.dispose(grads);
  return { losses, norms };
}

/** A step that also reports what its supervised loss consists of, if that is more than one loss. */
function* withSupervisedParts(view: BranchView, step: MethodStep): MethodStep {
  const losses = yield* step;
  return { ...losses, parts: { ...losses.parts, ...view.supervisedParts } };
}

/** The losses of both parts of a step. */
function joined(first: Losses, further: FurtherLosses | undefined): Losses {
  if (!further) return first;
  const total = tf.add(first.total, further.total) as tf.Scalar;
  return { ...first, total, parts: { ...first.parts, ...further.parts } };
}

/** Runs the branches from one exchange to the next until all have returned their losses. */
export async function inLockStep<Results>(steps: MethodStep<Results>[], meet: Meet): Promise<Results[]> {
  // One after the other: branches that run at the same time would record their operations in an unpredictable order.
  let turns = await inTurn(steps.map((step) => () => untilShown(step, step.next())));
  for (;;) {
    const shown = turns.flatMap((turn) => (turn.done ? [] : [turn.value]));
    if (shown.length === 0) return turns.map((turn) => turn.value as Results);
    if (shown.length < steps.length)
      throw new Error('a method must show a value the same number of times in every branch');
    const received = await meet(shown.map(constant));
    turns = await inTurn(steps.map((step, i) => () => untilShown(step, step.next(received[i]!))));
  }
}

/** Answers a branch's reads until it shows a tensor or is done. */
async function untilShown<Results>(
  step: MethodStep<Results>,
  turn: ReturnType<MethodStep<Results>['next']>,
): Promise<IteratorResult<tf.Tensor, Results>> {
  let next = turn;
  while (!next.done && next.value instanceof Reading) next = step.next(await readValues(next.value.tensor));
  return next as IteratorResult<tf.Tensor, Results>;
}

function toTensors({ labelled, unlabelled, unlabelledMix, weakClasses }: StepBatches): StepTensors {
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
    padding: paddingOf(unlabelled),
    paddingMix: paddingOf(unlabelledMix),
    pasted: pastedOf(unlabelled),
    weakClasses: weakClasses ?? null,
  };
}

function imagesOf({ images, count, height, width, channels }: Omit<Batch, 'strong'>): tf.Tensor4D {
  return tf.tensor4d(images, [count, height, width, channels]);
}

function paddingOf(batch: Batch | null): tf.Tensor3D | null {
  if (!batch?.padding) return null;
  return tf.tensor3d(new Float32Array(batch.padding), [batch.count, batch.height, batch.width]);
}

function pastedOf(batch: Batch | null): tf.Tensor3D | null {
  if (!batch?.pasted) return null;
  return tf.tensor3d(new Int32Array(batch.pasted), [batch.count, batch.height, batch.width], 'int32');
}

function strongViews({ strong, ...batch }: Batch): tf.Tensor4D[] {
  return strong.map((images) => imagesOf({ ...batch, images }));
}

function tensorsOf(losses: (FurtherLosses & Pick<Partial<Losses>, 'shares' | 'pseudoLabels'>)[]): tf.Tensor[] {
  return losses.flatMap(({ total, parts, shares, pseudoLabels }) => [
    total,
    ...Object.values(parts),
    ...Object.values(shares ?? {}),
    ...(pseudoLabels ? [pseudoLabels] : []),
  ]);
}

/** The losses of one branch and the norm of its gradient as numbers, with the pseudo-labels if `watch` is set. */
async function toNumbers(
  { total, parts, shares = {}, pseudoLabels }: Losses,
  norm: tf.Scalar | null,
  watch: boolean,
): Promise<LossValues> {
  const scalars = tf.stack([total, ...Object.values(parts), ...Object.values(shares), ...(norm ? [norm] : [])]);
  const [sum, ...values] = await readValues(scalars);
  const names = [...Object.keys(parts), ...Object.keys(shares)];
  const named = names.map((name, i) => [name, values[i]!] as const);
  const count = Object.keys(parts).length;
  return {
    total: sum!,
    parts: Object.fromEntries(named.slice(0, count)) as LossValues['parts'],
    shares: Object.fromEntries(named.slice(count)),
    ...(norm && { gradientNorm: values.at(-1)! }),
    ...(watch && pseudoLabels && { pseudoLabels: new Uint8Array(await readValues(pseudoLabels)) }),
  };
}
