import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { parseRecipe, type RecipeRun, type StudyRecipe } from './recipe.js';

export type RecipeFileResult =
  | { ok: true; study: StudyRecipe | null; runs: RecipeRun[] }
  | { ok: false; message: string };

/** Reads a recipe file (YAML or JSON) and completes its runs; otherwise the message names the file and every problem in it. */
export async function readRecipeFile(file: string): Promise<RecipeFileResult> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    return { ok: false, message: `${file}: cannot be read as YAML: ${(error as Error).message}` };
  }
  const recipe = parseRecipe(content);
  if (recipe.ok) return recipe;
  const problems = recipe.problems.map(({ field, message }) => `  - ${field || '(the whole file)'}: ${message}`);
  return { ok: false, message: `${file} is no valid recipe:\n${problems.join('\n')}` };
}
