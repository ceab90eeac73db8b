import { z } from 'zod';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { isObject } from './is-object.js';
import { parseRunConfig, type RunConfig } from './run-config.js';
import { runNames } from './run-labels.js';
import { planStudy, studyMatrix } from './study-matrix.js';

/** A study in a recipe file: the input of `createStudy`. */
const studyRecipe = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).default(''),
  base: z.record(z.string(), z.unknown()).describe('A run configuration without its method.'),
  matrix: studyMatrix,
});

export type StudyRecipe = z.output<typeof studyRecipe>;

export interface RecipeRun {
  name: string;
  config: RunConfig;
}

export type RecipeResult =
  | { ok: true; study: StudyRecipe | null; runs: RecipeRun[] }
  | { ok: false; problems: ConfigProblem[] };

/**
 * Checks the content of a recipe file, which is a study (`name`, `base`, `matrix`) or the configuration of one run, and completes
 * each of its runs.
 */
export function parseRecipe(input: unknown): RecipeResult {
  if (!isObject(input) || !('matrix' in input)) return configs(null, [input], []);
  const parsed = studyRecipe.safeParse(input, { reportInput: true });
  if (!parsed.success) {
    const schema = z.toJSONSchema(studyRecipe, { io: 'input' });
    return { ok: false, problems: parsed.error.issues.flatMap((issue) => describeIssue(issue, input, schema)) };
  }
  const study = parsed.data;
  const planned = planStudy(study.base, study.matrix);
  return planned.ok ? configs(study, planned.runs, planned.variants) : planned;
}

function configs(study: StudyRecipe | null, planned: unknown[], variants: (string | null)[]): RecipeResult {
  const checked: RunConfig[] = [];
  const problems: ConfigProblem[] = [];
  for (const input of planned) {
    const result = parseRunConfig(input);
    if (result.ok) checked.push(result.config);
    else problems.push(...result.problems);
  }
  if (problems.length === 0) {
    const names = runNames(checked, variants);
    return { ok: true, study, runs: checked.map((config, i) => ({ name: names[i]!, config })) };
  }
  // A problem in the base appears in every run of the matrix.
  const distinct = new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem]));
  return { ok: false, problems: [...distinct.values()] };
}
