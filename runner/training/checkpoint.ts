import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type RunConfig, runConfig } from '../../schema/run-config.js';
import type { BranchState } from './branches/branch.js';
import { readTensorFile, type TensorFile, writeTensorFile } from './safetensors.js';

/** Where the loop stands. Everything random is named by seed and step, so this is all there is to restore. */
const loopState = z.strictObject({
  format: z.literal(1),
  /** Iterations done. */
  step: z.int().min(0),
  /** Whether it was written before the evaluation of that step, which then comes first. */
  evaluationDue: z.boolean().default(false),
  config: runConfig,
  /** The labelled split and the dataset that the run was trained on. */
  splitHash: z.string(),
  datasetFingerprint: z.string(),
  /** Sums since the last reported point. */
  meters: z.strictObject({ steps: z.int().min(0), sums: z.record(z.string(), z.number()) }),
});

export type LoopState = z.output<typeof loopState>;

const METADATA_KEY = 'crosscheck';

/** Writes all branches' weights, running statistics and momentum with the loop's state into one safetensors file. */
export async function writeCheckpoint(file: string, state: LoopState, branches: readonly BranchState[]): Promise<void> {
  const tensors: TensorFile['tensors'] = {};
  for (const [i, branch] of branches.entries()) {
    for (const [name, tensor] of Object.entries(branch)) tensors[`branch${i + 1}.${name}`] = tensor;
  }
  await writeTensorFile(file, { tensors, metadata: { [METADATA_KEY]: JSON.stringify(state) } });
}

/**
 * Reads a checkpoint to go on from.
 * @throws Error when it is damaged or belongs to another configuration, split or dataset; the message says which.
 */
export async function readCheckpoint(
  file: string,
  expected: Pick<LoopState, 'config' | 'splitHash' | 'datasetFingerprint'>,
): Promise<{ state: LoopState; branches: BranchState[] }> {
  const { tensors, metadata } = await readTensorFile(file);
  const text = metadata[METADATA_KEY];
  if (text === undefined)
    throw new Error(`checkpoint ${file} has no "${METADATA_KEY}" metadata: nothing to go on from`);
  const parsed = loopState.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`checkpoint ${file} has an unreadable state: ${z.prettifyError(parsed.error)}`);
  const state = parsed.data;
  const reasons = [
    ...differences(state.config, expected.config).map((key) => `its configuration differs in ${key}`),
    ...(state.splitHash === expected.splitHash
      ? []
      : [`its labelled split is ${state.splitHash}, not ${expected.splitHash}`]),
    ...(state.datasetFingerprint === expected.datasetFingerprint
      ? []
      : ['its dataset has other images, labels or classes']),
  ];
  if (reasons.length > 0) throw new Error(`checkpoint ${file} does not fit this run: ${reasons.join('; ')}`);

  const branches: BranchState[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const [, branch, rest] = /^branch([12])\.(.+)$/.exec(name) ?? [];
    if (!branch) throw new Error(`checkpoint ${file} has an unknown tensor "${name}"`);
    const index = Number(branch) - 1;
    branches[index] ??= {};
    branches[index][rest!] = tensor;
  }
  return { state, branches };
}

/** The parts of two configurations that differ, with both values; where a run is placed does not change its numbers. */
function differences(saved: RunConfig, wanted: RunConfig): string[] {
  const keys = Object.keys(wanted) as (keyof RunConfig)[];
  return keys
    .filter((key) => key !== 'placement' && !isDeepStrictEqual(saved[key], wanted[key]))
    .map((key) => `${key}: ${JSON.stringify(saved[key])} there, ${JSON.stringify(wanted[key])} here`);
}
