import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { acceptedConfig, type RunConfig } from '../../schema/run-config.js';
import { completedConfig, configForVersion, neededConfigVersion } from '../../schema/stored-config.js';
import { fromPytorch, pytorchShape, toPytorch } from '../networks/filter-layout.js';
import { readTensorFile, type TensorSource, writeTensorFile } from '../networks/safetensors.js';
import { classConfidenceState } from './balance/class-confidence.js';
import type { BranchState } from './branches/branches.js';
import { type CropCounts, cropCounts } from './crop-counts.js';
import { watchState } from './watch.js';

/** Format 2 stores filters in PyTorch's layout, under the names of a state_dict. */
const FORMAT = 2;

/** The state of the loop. Random streams are derived from seed and step, so nothing else has to be restored. */
const loopState = z.strictObject({
  format: z.literal(FORMAT),
  /** Iterations done. */
  step: z.int().min(0),
  /** Whether it was written before the evaluation of that step. A resumed run then starts with that evaluation. */
  evaluationDue: z.boolean().default(false),
  config: z.preprocess(completedConfig, acceptedConfig),
  /** The labelled split and the dataset that the run trains on. */
  splitHash: z.string(),
  datasetFingerprint: z.string(),
  /** Sums since the last reported point. */
  meters: z.strictObject({ steps: z.int().min(0), sums: z.record(z.string(), z.number()) }),
  /** The state of alarms and pseudo-label counts. Absent in checkpoints of versions without them. */
  watch: watchState.optional(),
  /** See ClassConfidence. Absent if the run has no section `balance`. */
  classConfidence: classConfidenceState.optional(),
  /** See BestOnVal. Absent if no network is kept. */
  best: z.number().optional(),
  /** See TrainingClock. Absent if the run has no limit. */
  trainedSeconds: z.number().min(0).optional(),
});

export type LoopState = Omit<z.output<typeof loopState>, 'format'> & {
  /** See CropCounter. Absent in checkpoints of earlier versions. */
  crops?: CropCounts | undefined;
};

const METADATA_KEY = 'crosscheck';
/** Counts that a run can resume without. Earlier versions, which accept no other state than they know, do not read it. */
const COUNTS_KEY = 'crosscheck_counts';
const savedCounts = z.object({ crops: cropCounts });

/** Explains the layout of the values to readers that do not know this code. */
const LAYOUT = 'PyTorch: filters are outputs, inputs, height, width';

/**
 * Writes all branches and the loop's state into one safetensors file that PyTorch can use: `branch1.` and `branch2.` are
 * the state_dicts of the modules, `momentum1.` and `momentum2.` the optimisers' buffers. See docs/checkpoints.md.
 */
export async function writeCheckpoint(file: string, state: LoopState, branches: readonly BranchState[]): Promise<void> {
  const tensors: Record<string, TensorSource> = {};
  for (const [index, branch] of branches.entries()) {
    for (const [name, tensor] of Object.entries(branch)) {
      const shape = pytorchShape(tensor.shape);
      tensors[nameInFile(name, index + 1)] = { shape, values: () => toPytorch(tensor) };
    }
  }
  // An older runner that can train the run must be able to resume it.
  const { crops, ...known } = state;
  const config = configForVersion(state.config, neededConfigVersion(state.config));
  const metadata = {
    format: 'pt',
    layout: LAYOUT,
    [METADATA_KEY]: JSON.stringify({ format: FORMAT, ...known, config }),
    ...(crops && { [COUNTS_KEY]: JSON.stringify({ crops }) }),
  };
  await writeTensorFile(file, { tensors, metadata });
}

/**
 * Reads a checkpoint to resume from.
 * @throws Error when it is damaged or belongs to another configuration, split or dataset; the message says what differs.
 */
export async function readCheckpoint(
  file: string,
  expected: Pick<LoopState, 'config' | 'splitHash' | 'datasetFingerprint'>,
): Promise<{ state: LoopState; branches: BranchState[] }> {
  const { tensors, metadata, others } = await readTensorFile(file);
  const text = metadata[METADATA_KEY];
  if (text === undefined)
    throw new Error(`checkpoint ${file} has no "${METADATA_KEY}" metadata, so a run cannot resume from it`);
  const saved = JSON.parse(text);
  if (saved?.format !== FORMAT) {
    throw new Error(
      `checkpoint ${file} has format ${saved?.format}, but this version reads ${FORMAT}: finish the run with the version that wrote it, or start a new run`,
    );
  }
  const parsed = loopState.safeParse(saved);
  if (!parsed.success) throw new Error(`checkpoint ${file} has an invalid state: ${z.prettifyError(parsed.error)}`);
  const { format: _, ...known } = parsed.data;
  const state: LoopState = { ...known, crops: countsIn(file, metadata[COUNTS_KEY]) };
  const reasons = [
    ...differences(state.config, expected.config).map((key) => `its configuration differs in ${key}`),
    ...(state.splitHash === expected.splitHash
      ? []
      : [`its labelled split is ${state.splitHash}, not ${expected.splitHash}`]),
    ...(state.datasetFingerprint === expected.datasetFingerprint
      ? []
      : ['its dataset has different images, labels or classes']),
  ];
  if (reasons.length > 0) throw new Error(`checkpoint ${file} does not fit this run: ${reasons.join('; ')}`);

  const branches: BranchState[] = [];
  for (const name of [...Object.keys(tensors), ...Object.keys(others)]) {
    const place = placeOf(name);
    const tensor = tensors[name];
    if (!place || !tensor) throw new Error(`checkpoint ${file} has an unknown tensor "${name}"`);
    branches[place.index] ??= {};
    branches[place.index]![place.name] = fromPytorch(tensor);
    // Free the original: only the transposed copy is needed from here on.
    delete tensors[name];
  }
  return { state, branches };
}

function countsIn(file: string, text: string | undefined): CropCounts | undefined {
  if (text === undefined) return undefined;
  const parsed = savedCounts.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`checkpoint ${file} has invalid counts: ${z.prettifyError(parsed.error)}`);
  return parsed.data.crops;
}

/** The groups of tensors and their prefixes in the file. Weights and running statistics share one, as in a PyTorch module. */
const GROUPS = {
  weights: 'branch',
  statistics: 'branch',
  teacher_weights: 'teacher',
  teacher_statistics: 'teacher',
  best_weights: 'best',
  best_statistics: 'best',
  part_weights: 'part',
  part_statistics: 'part',
  momentum: 'momentum',
  exp_avg: 'exp_avg',
  exp_avg_sq: 'exp_avg_sq',
  thresholds: 'thresholds',
} as const;

type Group = keyof typeof GROUPS;

/** `weights.x` and `statistics.x` of branch 1 → `branch1.x`, `momentum.x` → `momentum1.x`, `teacher_weights.x` → `teacher1.x`. */
function nameInFile(name: string, branch: number): string {
  const [, group, rest] = /^([a-z_]+)\.(.+)$/.exec(name) ?? [];
  const prefix = GROUPS[group as Group];
  if (!prefix) throw new Error(`cannot write tensor "${name}" to a checkpoint: its group is not in GROUPS`);
  return `${prefix}${branch}.${rest}`;
}

/** The inverse of `nameInFile`: the branch, and the tensor's name in it. */
function placeOf(name: string): { index: number; name: string } | null {
  const [, prefix, branch, rest] = /^([a-z_]+)([12])\.(.+)$/.exec(name) ?? [];
  const running = /\.running_(mean|var)$/.test(rest ?? '');
  const group = (Object.keys(GROUPS) as Group[]).find(
    (group) => GROUPS[group] === prefix && group.endsWith('statistics') === running,
  );
  return group ? { index: Number(branch) - 1, name: `${group}.${rest}` } : null;
}

/**
 * The parts in which two configurations differ, with both values. The placement and the time limit may differ: they do not
 * change the numbers.
 */
function differences(savedConfig: RunConfig, wantedConfig: RunConfig): string[] {
  const saved = withoutLimit(savedConfig);
  const wanted = withoutLimit(wantedConfig);
  const keys = Object.keys(wanted) as (keyof RunConfig)[];
  return keys
    .filter((key) => key !== 'placement' && !isDeepStrictEqual(saved[key], wanted[key]))
    .map((key) => `${key}: ${JSON.stringify(saved[key])} in the checkpoint, ${JSON.stringify(wanted[key])} in the run`);
}

function withoutLimit({ training: { maxHours: _, ...training }, ...config }: RunConfig): Omit<RunConfig, 'training'> & {
  training: Omit<RunConfig['training'], 'maxHours'>;
} {
  return { ...config, training };
}
