import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type RunConfig, runConfig } from '../../schema/run-config.js';
import { fromPytorch, pytorchShape, toPytorch } from '../networks/filter-layout.js';
import { readTensorFile, type TensorSource, writeTensorFile } from '../networks/safetensors.js';
import type { BranchState } from './branches/branches.js';
import { watchState } from './watch.js';

/** 2: filters in PyTorch's order under a state_dict's names. */
const FORMAT = 2;

/** Where the loop stands. Everything random is named by seed and step, so this is all there is to restore. */
const loopState = z.strictObject({
  format: z.literal(FORMAT),
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
  /** What alarms and pseudo-label counts go on from; a version without them wrote none. */
  watch: watchState.optional(),
});

export type LoopState = Omit<z.output<typeof loopState>, 'format'>;

const METADATA_KEY = 'crosscheck';

/** Tells a reader that knows nothing of this code how the values lie. */
const LAYOUT = 'PyTorch: filters are outputs, inputs, height, width';

/**
 * Writes all branches and the loop's state into one safetensors file that PyTorch can use: `branch1.` and `branch2.` are
 * what a module's state_dict holds, `momentum1.` and `momentum2.` the optimiser's buffers; docs/checkpoints.md.
 */
export async function writeCheckpoint(file: string, state: LoopState, branches: readonly BranchState[]): Promise<void> {
  const tensors: Record<string, TensorSource> = {};
  for (const [index, branch] of branches.entries()) {
    for (const [name, tensor] of Object.entries(branch)) {
      const shape = pytorchShape(tensor.shape);
      tensors[nameInFile(name, index + 1)] = { shape, values: () => toPytorch(tensor) };
    }
  }
  const metadata = { format: 'pt', layout: LAYOUT, [METADATA_KEY]: JSON.stringify({ format: FORMAT, ...state }) };
  await writeTensorFile(file, { tensors, metadata });
}

/**
 * Reads a checkpoint to go on from.
 * @throws Error when it is damaged or belongs to another configuration, split or dataset; the message says which.
 */
export async function readCheckpoint(
  file: string,
  expected: Pick<LoopState, 'config' | 'splitHash' | 'datasetFingerprint'>,
): Promise<{ state: LoopState; branches: BranchState[] }> {
  const { tensors, metadata, others } = await readTensorFile(file);
  const text = metadata[METADATA_KEY];
  if (text === undefined)
    throw new Error(`checkpoint ${file} has no "${METADATA_KEY}" metadata: nothing to go on from`);
  const saved = JSON.parse(text);
  if (saved?.format !== FORMAT) {
    throw new Error(
      `checkpoint ${file} has format ${saved?.format}, this version reads ${FORMAT}: let the version that wrote it finish the run, or start it anew`,
    );
  }
  const parsed = loopState.safeParse(saved);
  if (!parsed.success) throw new Error(`checkpoint ${file} has an unreadable state: ${z.prettifyError(parsed.error)}`);
  const { format: _, ...state } = parsed.data;
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
  for (const name of [...Object.keys(tensors), ...Object.keys(others)]) {
    const place = placeOf(name);
    const tensor = tensors[name];
    if (!place || !tensor) throw new Error(`checkpoint ${file} has an unknown tensor "${name}"`);
    branches[place.index] ??= {};
    branches[place.index]![place.name] = fromPytorch(tensor);
    // What has been turned is not needed a second time.
    delete tensors[name];
  }
  return { state, branches };
}

/** Our groups of tensors, and what they are called in the file: weights and running statistics lie together, as in a module. */
const GROUPS = {
  weights: 'branch',
  statistics: 'branch',
  teacher_weights: 'teacher',
  teacher_statistics: 'teacher',
  part_weights: 'part',
  part_statistics: 'part',
  momentum: 'momentum',
  exp_avg: 'exp_avg',
  exp_avg_sq: 'exp_avg_sq',
} as const;

type Group = keyof typeof GROUPS;

/** `weights.x` and `statistics.x` of branch 1 → `branch1.x`, `momentum.x` → `momentum1.x`, `teacher_weights.x` → `teacher1.x`. */
function nameInFile(name: string, branch: number): string {
  const [, group, rest] = /^([a-z_]+)\.(.+)$/.exec(name) ?? [];
  const prefix = GROUPS[group as Group];
  if (!prefix) throw new Error(`a checkpoint has no place for "${name}"`);
  return `${prefix}${branch}.${rest}`;
}

/** The way back: which branch, and its name there. */
function placeOf(name: string): { index: number; name: string } | null {
  const [, prefix, branch, rest] = /^([a-z_]+)([12])\.(.+)$/.exec(name) ?? [];
  const running = /\.running_(mean|var)$/.test(rest ?? '');
  const group = (Object.keys(GROUPS) as Group[]).find(
    (group) => GROUPS[group] === prefix && group.endsWith('statistics') === running,
  );
  return group ? { index: Number(branch) - 1, name: `${group}.${rest}` } : null;
}

/** The parts of two configurations that differ, with both values; where a run is placed does not change its numbers. */
function differences(saved: RunConfig, wanted: RunConfig): string[] {
  const keys = Object.keys(wanted) as (keyof RunConfig)[];
  return keys
    .filter((key) => key !== 'placement' && !isDeepStrictEqual(saved[key], wanted[key]))
    .map((key) => `${key}: ${JSON.stringify(saved[key])} there, ${JSON.stringify(wanted[key])} here`);
}
