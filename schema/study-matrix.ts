import { z } from 'zod';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { methodConfig, networkConfig, type RunConfigInput } from './run-config.js';
import { labelledRatio, type SplitConfigInput, splitConfig } from './split-config.js';

/** The most runs that one study may queue: a typing error must not fill the queue for a year. */
export const MAX_RUNS_PER_STUDY = 500;

/** The axes of a study: every combination is one run. An axis that is left out takes the base configuration's value. */
const axes = z.strictObject({
  methods: z.array(methodConfig).min(1).max(20),
  labelledRatios: z.array(labelledRatio).min(1).max(20).optional(),
  splits: z.array(splitConfig).min(1).max(20).optional(),
  backbones: z.array(networkConfig.shape.backbone.unwrap()).min(1).max(20).optional(),
  seeds: z.array(z.int().min(0).max(4_294_967_295)).min(1).max(100).optional(),
});

export const studyMatrix = axes.refine(({ labelledRatios, splits }) => !(labelledRatios && splits), {
  path: ['splits'],
  message: 'give either labelledRatios or splits; splits may hold shares, too',
});

export type StudyMatrix = z.output<typeof studyMatrix>;

/** What the runs of a study share. The split may be left to the matrix; of a ratio's split it gives the seed. */
export type StudyBase = Omit<RunConfigInput, 'method' | 'split'> & { split?: SplitConfigInput | { seed: number } };

export type MatrixResult = { ok: true; matrix: StudyMatrix } | { ok: false; problems: ConfigProblem[] };

/** Checks a matrix; every problem names the field within it, the value that was given and what is allowed. */
export function parseStudyMatrix(input: unknown): MatrixResult {
  const result = studyMatrix.safeParse(input, { reportInput: true });
  if (result.success) return { ok: true, matrix: result.data };
  const schema = z.toJSONSchema(axes, { io: 'input' });
  return { ok: false, problems: result.error.issues.flatMap((issue) => describeIssue(issue, input, schema)) };
}

/** How many runs a matrix makes. */
export function countRuns({ methods, labelledRatios, splits, backbones, seeds }: StudyMatrix): number {
  return [methods, labelledRatios, splits, backbones, seeds].reduce((runs, axis) => runs * (axis?.length ?? 1), 1);
}

/** Every combination of the matrix laid over `base`, methods varying fastest. What it makes has still to be checked. */
export function expandMatrix(base: StudyBase, matrix: StudyMatrix): RunConfigInput[] {
  const shares = matrix.labelledRatios?.map((labelledRatio) => ({ ...base.split, labelledRatio }));
  const splits = shares ?? matrix.splits ?? [base.split as SplitConfigInput];
  const backbones = matrix.backbones ?? [base.network?.backbone];
  const seeds = matrix.seeds ?? [base.seed];
  const planned: RunConfigInput[] = [];
  for (const seed of seeds) {
    for (const split of splits) {
      for (const backbone of backbones) {
        for (const method of matrix.methods) {
          planned.push({
            ...base,
            method,
            split,
            network: { ...base.network, ...(backbone && { backbone }) },
            ...(seed !== undefined && { seed }),
          });
        }
      }
    }
  }
  return planned;
}
