import { z } from 'zod';
import { canonical } from './canonical.js';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { configMistake } from './problems/config-reasons.js';
import { givenOf } from './problems/issues.js';
import { parseAcceptedConfig, type RunConfig } from './run-config.js';
import { runNames } from './run-labels.js';
import { type SplitConfigInput, splitConfig } from './split-config.js';
import { completedConfig } from './stored-config.js';
import { matrixAxes, planStudy, type StudyBase, type StudyMatrix, splitsOf } from './study-matrix.js';
import { completedVariants, separateVariants, variantName, variantProblems } from './study-variants.js';

/** What a study is made of, as it is stored: its runs can be planned again from it. */
export interface StudyDesign {
  base: StudyBase;
  matrix: StudyMatrix;
}

const addition = matrixAxes.partial();

export type MatrixAddition = z.output<typeof addition>;

/** Checks the values that are to be added to the axes of a matrix. Problems name the field within it. */
export function parseMatrixAddition(
  input: unknown,
): { ok: true; addition: MatrixAddition } | { ok: false; problems: ConfigProblem[] } {
  const result = addition.safeParse(input, { reportInput: true });
  if (!result.success) {
    const schema = z.toJSONSchema(addition, { io: 'input' });
    return { ok: false, problems: result.error.issues.flatMap((issue) => describeIssue(issue, input, schema)) };
  }
  const { labelledRatios, splits, variants } = result.data;
  const problems = variantProblems(variants);
  if (problems.length > 0) return { ok: false, problems };
  if (!labelledRatios || !splits) return { ok: true, addition: result.data };
  const { value, given } = givenOf(splits);
  return { ok: false, problems: [{ field: 'splits', ...configMistake('RATIOS_AND_SPLITS', { value }, { given }) }] };
}

/**
 * A base with the defaults of the time when the study was created, so that runs that are added later have them, too.
 * @param config one of the study's runs, completed
 */
export function completedBase(base: StudyBase, matrix: StudyMatrix, config: RunConfig): StudyBase {
  const { method: _, split, seed, network, ...rest } = config;
  const { backbone, ...others } = network;
  const given = base.split as { seed?: number } | undefined;
  return {
    ...rest,
    ...(matrix.seeds ? {} : { seed }),
    network: matrix.backbones ? others : { backbone, ...others },
    ...(!(matrix.labelledRatios ?? matrix.splits) ? { split } : given?.seed === undefined ? {} : { split: given }),
  };
}

/**
 * A matrix whose variants have the defaults of the time when they were added.
 * @param runs of the matrix, completed, each with the name of its variant
 */
export function completedMatrix(
  matrix: StudyMatrix,
  runs: readonly { variant: string | null; config: RunConfig }[],
): StudyMatrix {
  return matrix.variants ? { ...matrix, variants: completedVariants(matrix.variants, runs) } : matrix;
}

/**
 * Adds values to the axes of a study. Those that it has already change nothing. An axis that the matrix does not have begins with
 * the value of the base.
 */
export function extendedDesign({ base, matrix }: StudyDesign, added: MatrixAddition): StudyDesign {
  const own = { ...base.network } as { backbone?: string };
  const extended: StudyMatrix = { methods: union(matrix.methods, added.methods) };
  const backbones = matrix.backbones ?? (added.backbones && own.backbone ? [own.backbone] : undefined);
  if (backbones) extended.backbones = union(backbones as NonNullable<StudyMatrix['backbones']>, added.backbones);
  // A name that is known changes nothing.
  const known = new Set(matrix.variants?.map(variantName));
  const variants = separateVariants(added.variants ?? []).filter((variant) => !known.has(variantName(variant)));
  if (matrix.variants ?? added.variants) extended.variants = [...(matrix.variants ?? []), ...variants];
  const seeds = matrix.seeds ?? (added.seeds && [base.seed ?? 0]);
  if (seeds) extended.seeds = union(seeds, added.seeds);
  const keepsRatios = matrix.labelledRatios && !added.splits;
  if (keepsRatios) extended.labelledRatios = union(matrix.labelledRatios!, added.labelledRatios);
  const isFixed = !(matrix.labelledRatios ?? matrix.splits);
  if (keepsRatios || (isFixed && !(added.labelledRatios ?? added.splits))) return { base, matrix: extended };

  const before = isFixed ? [base.split as SplitConfigInput] : splitsOf(base, matrix)!;
  // A drawn split without a seed takes that of the base, like the others.
  const given = base.split as { seed?: number } | undefined;
  const seed = given?.seed === undefined ? {} : { seed: given.seed };
  const more = added.labelledRatios?.map((labelledRatio) => ({ labelledRatio })) ?? added.splits ?? [];
  const after = more.map((split): SplitConfigInput => ('labelledList' in split ? split : { ...seed, ...split }));
  const completed = (splits: SplitConfigInput[]) => splits.map((split) => splitConfig.parse(split));
  extended.splits = union(completed(before), completed(after));
  const { split: _, ...splitless } = base;
  return { base: splitless, matrix: extended };
}

function union<T>(values: readonly T[], more: readonly T[] = []): T[] {
  const distinct = new Map([...values, ...more].map((value) => [canonical(value), value]));
  return [...distinct.values()];
}

/** A run of a matrix, whether or not it exists. */
export interface PlannedRun {
  name: string;
  config: RunConfig;
  key: string;
  /** Null for the base as it is. */
  variant: string | null;
}

export type Plan = { ok: true; runs: PlannedRun[] } | { ok: false; problems: ConfigProblem[] };

/** The runs of a study's matrix, in its order; or why it has none. Datasets are not looked up. */
export function plannedRuns({ base, matrix }: StudyDesign): Plan {
  const planned = planStudy(base as Readonly<Record<string, unknown>>, matrix);
  if (!planned.ok) return planned;
  // Limits that came later apply when a run is queued. Until then, it is missing.
  const results = planned.runs.map((run) => parseAcceptedConfig(run));
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return { ok: false, problems };
  const configs = results.flatMap((result) => (result.ok ? [result.config] : []));
  const { variants } = planned;
  const names = runNames(configs, variants);
  return {
    ok: true,
    runs: configs.map((config, i) => ({ name: names[i]!, config, key: runKey(config), variant: variants[i]! })),
  };
}

/** What makes two runs of a study the same one: everything but where it trains, its time limit and its alarms. */
export function runKey({ seed, ...settings }: RunConfig): string {
  return seededKey(seed, settingsKey(settings));
}

/** The key of a run, from the one that it shares with runs of other seeds. */
export const seededKey = (seed: number, key: string): string => `${seed} ${key}`;

/** The key that runs of any seed share. */
export function settingsKey(settings: Omit<RunConfig, 'seed'>): string {
  const { placement: _, alarms: __, training, ...rest } = completedConfig(settings) as RunConfig;
  const { maxHours: ___, ...trained } = training;
  return canonical({ ...rest, training: trained });
}
