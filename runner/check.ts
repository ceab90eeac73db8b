import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../schema/exit-codes.js';
import type { RecipeRun } from '../schema/recipe.js';
import { readRecipeFile } from '../schema/recipe-file.js';
import { checkedFolderOf } from './agent/checked-folder.js';
import { parseDataOptions } from './agent/data-sources.js';
import type { OpenDataset } from './data/dataset.js';
import { openDataset } from './data/open.js';
import { startRunEngine } from './run-engine.js';
import type { EngineChoice, EngineOptions } from './tracking/engine.js';
import { nullTracker } from './tracking/tracker.js';
import type { RunEngine } from './training/branches/branches.js';
import { type DryRun, dryRun } from './training/dry-run.js';

export interface CheckOptions {
  /** The recipe's dataset as `--data` names it (DIR, NAME=DIR, or shapes); null checks the recipe alone. */
  data: string | null;
  /** The runner's home: a dataset that was checked there and has not changed is not checked again. */
  home: string;
  engine: EngineChoice;
  engineOptions: EngineOptions;
  print(line: string): void;
}

/**
 * Checks a recipe file (YAML or JSON; a study or one run) and, with a dataset, tries each of its runs on this machine: data,
 * networks, two steps.
 * @returns whether all of them would train
 * @throws UserError when the file is no valid recipe, with every problem
 */
export async function check(file: string, options: CheckOptions): Promise<boolean> {
  const { data, print } = options;
  const recipe = await readRecipeFile(file);
  if (!recipe.ok) throw new UserError(recipe.message);
  const { runs } = recipe;
  print(`${file} is valid: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`);
  for (const { name, config } of runs) print(`  ${name}, ${config.training.iterations} iterations`);
  if (data === null) {
    print('not tried, since no --data was given');
    return true;
  }
  const source = parseDataOptions(data === 'shapes' ? [] : [data]).at(-1)!;
  const checked = { folder: checkedFolderOf(resolve(options.home)), warn: print };
  const dataset = await openDataset(source, { checked });
  const engine = await startRunEngine(options.engine, options.engineOptions);
  print(`dataset ${dataset.descriptor.name}; engine ${engine.name} on ${engine.device}`);
  const others = new Set(runs.map(({ config }) => config.dataset).filter((name) => name !== dataset.descriptor.name));
  for (const name of others) print(`the recipe calls it "${name}": a runner needs it by that name, --data ${name}=DIR`);
  let good = true;
  for (const run of withoutSeeds(runs)) good = (await tryOut(run, dataset, engine, print)) && good;
  return good;
}

/** Runs that differ by their seed alone take the same time and memory: one of them is tried. */
function withoutSeeds(runs: readonly RecipeRun[]): RecipeRun[] {
  const distinct = new Map(runs.map((run) => [JSON.stringify({ ...run.config, seed: 0 }), run] as const).reverse());
  return [...distinct.values()].reverse();
}

async function tryOut(
  { name, config }: RecipeRun,
  dataset: OpenDataset,
  engine: RunEngine,
  print: CheckOptions['print'],
): Promise<boolean> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'crosscheck-check-'));
  try {
    const tried = await dryRun({
      config,
      dataset,
      engine,
      tracker: nullTracker,
      workDirectory,
      resumeFrom: null,
    });
    print(`${name}: ${describe(tried)}`);
    return true;
  } catch (error) {
    print(`${name}: would fail: ${(error as Error).message}`);
    return false;
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

function describe({ found, losses, stepSeconds, imagesPerSecond, memory }: DryRun): string {
  const heap = memory.heap === null ? '' : `, ${mebibytes(memory.heap)} of wasm memory`;
  return [
    `${found.labelledImages} labelled and ${found.unlabelledImages} unlabelled images (split ${found.splitHash.slice(0, 12)})`,
    `${found.parameters.toLocaleString('en')} weights per network`,
    `${stepSeconds.toPrecision(3)} s a step, ${imagesPerSecond.toPrecision(3)} images/s`,
    `${mebibytes(memory.tensors)} of tensors${heap}, ${mebibytes(memory.process)} in the process`,
    `loss ${losses.loss!.toPrecision(4)}`,
  ].join('; ');
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}
