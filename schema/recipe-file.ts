import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { parseRecipe, type RecipeRun, type StudyRecipe } from './recipe.js';

export type RecipeFileResult =
  | { ok: true; study: StudyRecipe | null; runs: RecipeRun[] }
  | { ok: false; message: string };

/** Reads a recipe file (YAML or JSON) and completes its runs. If it is not valid, the message names the file and every problem. */
export async function readRecipeFile(file: string): Promise<RecipeFileResult> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    const what = error instanceof YAMLParseError ? 'cannot be read as YAML' : 'cannot be read';
    // The first line names line and column. Below it, the parser shows the place.
    const why = (error as Error).message.split('\n')[0]!.replace(/:$/, '');
    return { ok: false, message: `${file}: ${what}: ${why}` };
  }
  const recipe = parseRecipe(content);
  if (recipe.ok) return recipe;
  const problems = recipe.problems.map(({ field, message }) => `  - ${field || '(the whole file)'}: ${message}`);
  return { ok: false, message: `${file} is not a valid recipe:\n${problems.join('\n')}` };
}
