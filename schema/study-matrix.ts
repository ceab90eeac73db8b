import { z } from 'zod';
import { canonical } from './canonical.js';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { isObject } from './is-object.js';
import { networkConfig } from './network-config.js';
import { configMistake } from './problems/config-reasons.js';
import { ownRule } from './problems/issues.js';
import { methodConfig, parseAcceptedConfig, type RunConfigInput } from './run-config.js';
import { axisSplit, baseSplit, labelledRatio, type SplitConfigInput, splitConfig } from './split-config.js';
import { changed, isFor, resolvedVariants, studyVariant, variantName, variantProblems } from './study-variants.js';

/** A study can queue at most this many runs: a typo must not fill the queue for a year. */
const MAX_RUNS_PER_STUDY = 500;

/**
 * The axes of a study: every combination is one run. A missing axis takes the base configuration's value. Variants are trained
 * beside the base as it is.
 */
export const matrixAxes = z.strictObject({
  methods: z.array(methodConfig).min(1).max(20),
  labelledRatios: z.array(labelledRatio).min(1).max(20).optional(),
  splits: z.array(axisSplit).min(1).max(20).optional(),
  backbones: z.array(networkConfig.shape.backbone.unwrap()).min(1).max(20).optional(),
  variants: z.array(studyVariant).min(1).max(50).optional(),
  seeds: z.array(z.int().min(0).max(4_294_967_295)).min(1).max(100).optional(),
});

export const studyMatrix = matrixAxes.refine(({ labelledRatios, splits }) => !(labelledRatios && splits), {
  path: ['splits'],
  ...ownRule('RATIOS_AND_SPLITS'),
});

export type StudyMatrix = z.output<typeof studyMatrix>;

/** What the runs of a study share. If the matrix sets the split, the base may only give the seed of drawn splits. */
export type StudyBase = Omit<RunConfigInput, 'method' | 'split'> & { split?: SplitConfigInput | { seed?: number } };

export type MatrixResult = { ok: true; matrix: StudyMatrix } | { ok: false; problems: ConfigProblem[] };

/** Checks a matrix. Every problem names the field within it, the given value and what is allowed. */
export function parseStudyMatrix(input: unknown): MatrixResult {
  const result = studyMatrix.safeParse(input, { reportInput: true });
  if (result.success) return { ok: true, matrix: result.data };
  const schema = z.toJSONSchema(matrixAxes, { io: 'input' });
  return { ok: false, problems: result.error.issues.flatMap((issue) => describeIssue(issue, input, schema)) };
}

/** `variants` has the name of each run's variant; null for the base as it is. */
export type StudyRuns =
  | { ok: true; runs: RunConfigInput[]; variants: (string | null)[] }
  | { ok: false; problems: ConfigProblem[] };

/**
 * Every run of a study, not checked yet; or why base and matrix do not fit together: the base sets what the matrix sets, an axis
 * repeats a value (which would count as two independent runs), or there are too many runs.
 */
export function planStudy(base: Readonly<Record<string, unknown>>, matrix: StudyMatrix): StudyRuns {
  const problems: ConfigProblem[] = [];
  if ('method' in base) problems.push({ field: 'base.method', ...configMistake('METHOD_IN_BASE', {}) });
  if (matrix.labelledRatios ?? matrix.splits) problems.push(...baseSplitProblems(base.split));
  problems.push(...variantProblems(matrix.variants).map((each) => ({ ...each, field: `matrix.${each.field}` })));
  const runs = countRuns(matrix);
  if (runs > MAX_RUNS_PER_STUDY) {
    problems.push({ field: 'matrix', ...configMistake('TOO_MANY_RUNS', { runs, most: MAX_RUNS_PER_STUDY }) });
  }
  // Which splits are equal is only known with a valid base.
  if (problems.length === 0) problems.push(...repetitions(base as unknown as StudyBase, matrix));
  if (problems.length > 0) return { ok: false, problems };
  const planned = expanded(base as unknown as StudyBase, matrix);
  problems.push(...sameVariants(planned, matrix));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, runs: planned.map(({ run }) => run), variants: planned.map(({ variant }) => variant) };
}

/** Every combination of a matrix, applied to a base that fits it (see planStudy); methods vary fastest, then variants. */
export function expandMatrix(base: StudyBase, matrix: StudyMatrix): RunConfigInput[] {
  return expanded(base, matrix).map(({ run }) => run);
}

function expanded(base: StudyBase, matrix: StudyMatrix): { run: RunConfigInput; variant: string | null }[] {
  const splits = splitsOf(base, matrix) ?? [base.split as SplitConfigInput];
  const backbones = matrix.backbones ?? [null];
  const seeds = matrix.seeds ?? [base.seed];
  const variants = resolvedVariants(matrix.variants).map((variant) => ({
    ...variant,
    base: changed(base, variant.config),
    methods: matrix.methods.filter((method) => isFor(variant, method)),
  }));
  const planned: ReturnType<typeof expanded> = [];
  for (const seed of seeds) {
    for (const split of splits) {
      for (const backbone of backbones) {
        for (const { name: variant, base: own, methods } of variants) {
          const network = backbone === null ? own.network : withBackbone(own.network, backbone);
          for (const method of methods) planned.push({ run: { ...own, method, split, network, seed }, variant });
        }
      }
    }
  }
  return planned;
}

/** How many runs a matrix of lists makes, whether or not it is valid. */
export function countRuns(matrix: Readonly<Partial<Record<keyof StudyMatrix, readonly unknown[]>>>): number {
  const { methods, labelledRatios, splits, backbones, variants, seeds } = matrix;
  const others = [labelledRatios, splits, backbones, seeds].reduce((runs, axis) => runs * (axis?.length ?? 1), 1);
  const pairs = resolvedVariants(variants as StudyMatrix['variants']).map(
    (variant) => methods?.filter((method) => isFor(variant, method as StudyMatrix['methods'][number])).length ?? 1,
  );
  return others * pairs.reduce((sum, count) => sum + count, 0);
}

/** The splits of the matrix; undefined if the base has the split. Drawn splits without a seed take that of the base. */
export function splitsOf(base: StudyBase, { labelledRatios, splits }: StudyMatrix): SplitConfigInput[] | undefined {
  const axis = labelledRatios?.map((labelledRatio) => ({ labelledRatio })) ?? splits;
  return axis?.map((split) => ('labelledList' in split ? split : { ...(base.split as { seed?: number }), ...split }));
}

/** A network that is not an object is left as it is; the run's check refuses it. */
function withBackbone(network: StudyBase['network'], backbone: string): StudyBase['network'] {
  return isObject(network) || network === undefined ? ({ ...network, backbone } as StudyBase['network']) : network;
}

function baseSplitProblems(split: unknown): ConfigProblem[] {
  const result = baseSplit.optional().safeParse(split, { reportInput: true });
  const schema = z.toJSONSchema(baseSplit, { io: 'input' });
  const problems = result.error?.issues.flatMap((issue) => describeIssue(issue, split, schema)) ?? [];
  return problems.map(({ field, message, ...mistake }) => ({
    ...mistake,
    field: ['base.split', field].filter(Boolean).join('.'),
    message: `${message} (the matrix sets the splits)`,
  }));
}

function repetitions(base: StudyBase, matrix: StudyMatrix): ConfigProblem[] {
  // Compares completed splits: one with the base's seed equals one without a seed.
  const splits = splitsOf(base, matrix)?.map((split) => splitConfig.parse(split));
  const { variants: _, ...others } = matrix;
  const completed = { ...others, [matrix.labelledRatios ? 'labelledRatios' : 'splits']: splits };
  return Object.entries(completed).flatMap(([axis, values = []]) => {
    const written = values.map((value) => JSON.stringify(value));
    return [...written.entries()].flatMap(([i, value]) => {
      const first = written.indexOf(value);
      if (first === i) return [];
      const got = JSON.stringify(matrix[axis as keyof StudyMatrix]![i]);
      return [{ field: `matrix.${axis}.${i}`, ...configMistake('REPEATED', { axis, first, value: got }) }];
    });
  });
}

/** Variants that train the same as another one, or as the base, once defaults are filled in. */
function sameVariants(planned: ReturnType<typeof expanded>, { methods, variants = [] }: StudyMatrix): ConfigProblem[] {
  if (variants.length === 0) return [];
  const trained = new Map<string, string | null>();
  return [null, ...variants.map(variantName)].flatMap((name, i) => {
    // One run of each method: those of other splits and seeds differ in the same way.
    const runs = methods.flatMap(
      (method) => planned.find(({ variant, run }) => variant === name && run.method === method) ?? [],
    );
    const texts = runs.map(({ run }) => {
      const checked = parseAcceptedConfig(run);
      return canonical(checked.ok ? checked.config : run);
    });
    const same = texts.find((text) => trained.has(text));
    if (same === undefined) {
      for (const text of texts) trained.set(text, name);
      return [];
    }
    const mistake = configMistake('VARIANT_SAME', { name, other: trained.get(same) ?? 'the base' });
    return [{ field: `matrix.variants.${i - 1}`, ...mistake }];
  });
}
