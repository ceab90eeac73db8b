import { z } from 'zod';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { isObject } from './is-object.js';
import { methodConfig, networkConfig, type RunConfigInput } from './run-config.js';
import { axisSplit, baseSplit, labelledRatio, type SplitConfigInput, splitConfig } from './split-config.js';

/** The most runs that one study may queue: a typing error must not fill the queue for a year. */
const MAX_RUNS_PER_STUDY = 500;

/** The axes of a study: every combination is one run. An axis that is left out takes the base configuration's value. */
const axes = z.strictObject({
  methods: z.array(methodConfig).min(1).max(20),
  labelledRatios: z.array(labelledRatio).min(1).max(20).optional(),
  splits: z.array(axisSplit).min(1).max(20).optional(),
  backbones: z.array(networkConfig.shape.backbone.unwrap()).min(1).max(20).optional(),
  seeds: z.array(z.int().min(0).max(4_294_967_295)).min(1).max(100).optional(),
});

export const studyMatrix = axes.refine(({ labelledRatios, splits }) => !(labelledRatios && splits), {
  path: ['splits'],
  message: 'give either labelledRatios or splits; splits may hold shares, too',
});

export type StudyMatrix = z.output<typeof studyMatrix>;

/** What the runs of a study share. The split may be left to the matrix, and then has at most the seed of drawn ones. */
export type StudyBase = Omit<RunConfigInput, 'method' | 'split'> & { split?: SplitConfigInput | { seed?: number } };

export type MatrixResult = { ok: true; matrix: StudyMatrix } | { ok: false; problems: ConfigProblem[] };

/** Checks a matrix; every problem names the field within it, the value that was given and what is allowed. */
export function parseStudyMatrix(input: unknown): MatrixResult {
  const result = studyMatrix.safeParse(input, { reportInput: true });
  if (result.success) return { ok: true, matrix: result.data };
  const schema = z.toJSONSchema(axes, { io: 'input' });
  return { ok: false, problems: result.error.issues.flatMap((issue) => describeIssue(issue, input, schema)) };
}

export type StudyRuns = { ok: true; runs: RunConfigInput[] } | { ok: false; problems: ConfigProblem[] };

/**
 * Every run of a study, none of them checked yet; or why base and matrix do not go together: the base says what the matrix
 * says, an axis has a value twice (which would pass for two independent runs), or there are too many runs.
 */
export function planStudy(base: Readonly<Record<string, unknown>>, matrix: StudyMatrix): StudyRuns {
  const problems: ConfigProblem[] = [];
  if ('method' in base) problems.push({ field: 'base.method', message: 'the matrix names the methods' });
  if (matrix.labelledRatios ?? matrix.splits) problems.push(...baseSplitProblems(base.split));
  const runs = countRuns(matrix);
  if (runs > MAX_RUNS_PER_STUDY) {
    problems.push({ field: 'matrix', message: `makes ${runs} runs; a study has at most ${MAX_RUNS_PER_STUDY}` });
  }
  // Only of a base that is right is it known which splits are the same.
  if (problems.length === 0) problems.push(...repetitions(base as unknown as StudyBase, matrix));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, runs: expandMatrix(base as unknown as StudyBase, matrix) };
}

/** Every combination of a matrix laid over a base that goes with it (see planStudy), methods varying fastest. */
export function expandMatrix(base: StudyBase, matrix: StudyMatrix): RunConfigInput[] {
  const splits = splitsOf(base, matrix) ?? [base.split as SplitConfigInput];
  const networks = matrix.backbones?.map((backbone) => withBackbone(base.network, backbone)) ?? [base.network];
  const seeds = matrix.seeds ?? [base.seed];
  const planned: RunConfigInput[] = [];
  for (const seed of seeds) {
    for (const split of splits) {
      for (const network of networks) {
        for (const method of matrix.methods) planned.push({ ...base, method, split, network, seed });
      }
    }
  }
  return planned;
}

/** How many runs a matrix makes, whether or not it is valid. */
export function countRuns(matrix: Readonly<Partial<Record<keyof StudyMatrix, readonly unknown[]>>>): number {
  const { methods, labelledRatios, splits, backbones, seeds } = matrix;
  return [methods, labelledRatios, splits, backbones, seeds].reduce((runs, axis) => runs * (axis?.length ?? 1), 1);
}

/** The axis of splits, those that are drawn with the base's seed unless they have their own. */
function splitsOf(base: StudyBase, { labelledRatios, splits }: StudyMatrix): SplitConfigInput[] | undefined {
  const axis = labelledRatios?.map((labelledRatio) => ({ labelledRatio })) ?? splits;
  return axis?.map((split) => ('labelledList' in split ? split : { ...(base.split as { seed?: number }), ...split }));
}

/** A network that is no object stays what it is, for the run's check to refuse. */
function withBackbone(network: StudyBase['network'], backbone: string): StudyBase['network'] {
  return isObject(network) || network === undefined ? ({ ...network, backbone } as StudyBase['network']) : network;
}

function baseSplitProblems(split: unknown): ConfigProblem[] {
  const result = baseSplit.optional().safeParse(split, { reportInput: true });
  const schema = z.toJSONSchema(baseSplit, { io: 'input' });
  const problems = result.error?.issues.flatMap((issue) => describeIssue(issue, split, schema)) ?? [];
  return problems.map(({ field, message }) => ({
    field: ['base.split', field].filter(Boolean).join('.'),
    message: `${message} (the matrix names the splits)`,
  }));
}

function repetitions(base: StudyBase, matrix: StudyMatrix): ConfigProblem[] {
  // As they count in the end: a split that names the base's seed is the same as one that names none.
  const splits = splitsOf(base, matrix)?.map((split) => splitConfig.parse(split));
  const completed = { ...matrix, [matrix.labelledRatios ? 'labelledRatios' : 'splits']: splits };
  return Object.entries(completed).flatMap(([axis, values = []]) => {
    const written = values.map((value) => JSON.stringify(value));
    return [...written.entries()].flatMap(([i, value]) => {
      const first = written.indexOf(value);
      if (first === i) return [];
      const got = JSON.stringify(matrix[axis as keyof StudyMatrix]![i]);
      const message = `is matrix.${axis}.${first} again, which would count as another run; got ${got}`;
      return [{ field: `matrix.${axis}.${i}`, message }];
    });
  });
}
