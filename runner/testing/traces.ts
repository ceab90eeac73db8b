import type { MethodConfig, RunConfigInput } from '../../schema/run-config.js';
import type { Dataset } from '../data/dataset.js';
import { tf } from '../operations/tf.js';
import type { BranchState, RunEngine, StepResult } from '../training/branches/branches.js';
import { openBranches } from '../training/branches/open.js';
import { ratesAt } from '../training/schedule.js';
import { tinyConfig, tinyLoader, tinyMethods } from './tiny.js';

/** How many steps a trace has. */
export const STEPS = 4;

/** A named configuration. */
export interface Variant {
  name: string;
  changes: Partial<RunConfigInput>;
}

/** Every method, with settings that make it fast. */
export const METHODS: Variant[] = tinyMethods().map((changes) => ({ name: changes.method!.name as string, changes }));

/** The fast settings of a method, changed. */
export function variant(
  method: string,
  about: string,
  settings: object,
  others: Partial<RunConfigInput> = {},
): Variant {
  const { changes } = METHODS.find((each) => each.name === method)!;
  const changed = { ...changes.method, ...settings } as MethodConfig;
  return { name: `${method}, ${about}`, changes: { ...changes, ...others, method: changed } };
}

/** Two narrow networks of different backbones, stems and widths. */
export const UNLIKE = {
  width: 0.0625,
  second: { backbone: 'resnet34', stem: 'd', width: 0.125 },
} satisfies RunConfigInput['network'];

export interface TraceOptions {
  engine: RunEngine;
  dataset: Dataset;
  twins?: RunEngine['twins'];
  /** Where the networks start. */
  start?: BranchState[] | undefined;
  steps?: number;
}

/**
 * Trains a few steps and returns every loss, the final state and the probabilities of one batch, and the number of tensors in
 * this thread after each step.
 */
export async function traceOf(
  changes: Partial<RunConfigInput>,
  { engine, dataset, twins = 'together', start, steps = STEPS }: TraceOptions,
) {
  const config = tinyConfig(changes);
  const loader = tinyLoader(config, dataset);
  const branches = await openBranches(
    { config, classes: dataset.descriptor.classes.length, inputChannels: 3 },
    { ...engine, twins },
  );
  if (start) await branches.load(start);
  const losses: StepResult[] = [];
  const tensors: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(await branches.step(step, await loader.batch(step), ratesAt(config, step)));
    tensors.push(tf.memory().numTensors);
  }
  const state = await branches.save();
  const probabilities = await branches.predict((await loader.batch(0)).labelled);
  await branches.dispose();
  loader.close();
  return { losses, tensors, state, probabilities };
}

/** The names (branch/name) of the tensors that are not equal bit for bit, because a diff would be too long to read. */
export function differing(left: BranchState[], right: BranchState[]): string[] {
  return left.flatMap((state, i) =>
    Object.entries(state)
      .filter(([name, { values }]) => !Buffer.from(values.buffer).equals(Buffer.from(right[i]![name]!.values.buffer)))
      .map(([name]) => `${i + 1}/${name}`),
  );
}
