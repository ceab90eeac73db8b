import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../schema/exit-codes.js';
import { parameterWords } from '../schema/parameter-words.js';
import type { RecipeRun } from '../schema/recipe.js';
import { readRecipeFile } from '../schema/recipe-file.js';
import type { RunConfig } from '../schema/run-config.js';
import { checkedFolderOf } from './agent/checked-folder.js';
import { parseDataOptions } from './agent/data-sources.js';
import { readIdentityIfAny } from './agent/identity.js';
import { allowedSources, type WeightsOptions, weightsFolderOf } from './agent/weights-options.js';
import type { OpenDataset } from './data/dataset.js';
import { BUILT_IN, openDataset } from './data/open.js';
import { type AllowedSources, optionFor, urlOf } from './files/allowed-sources.js';
import { startRunEngine } from './run-engine.js';
import type { EngineChoice, EngineOptions } from './tracking/engine.js';
import { nullTracker } from './tracking/tracker.js';
import type { RunEngine } from './training/branches/branches.js';
import { type DryRun, dryRun } from './training/dry-run.js';
import { checkTrainingData } from './training/training-data.js';

export interface CheckOptions extends WeightsOptions {
  /** The recipe's dataset, in the form of `--data` (DIR, NAME=DIR, or the name of a built-in dataset). Null checks only the recipe. */
  data: string | null;
  /** The runner's home. A dataset that this runner has checked before and that has not changed is not checked again. */
  home: string;
  engine: EngineChoice;
  engineOptions: EngineOptions;
  print(line: string): void;
}

/**
 * Checks a recipe file (YAML or JSON, a study or a single run). With a dataset, also tries each run on this machine: opens
 * the data, builds the networks and trains two steps. Of runs that differ only in their split, one trains.
 *
 * @returns whether all runs would train
 * @throws UserError that lists every problem when the file is not a valid recipe, and, before anything is printed, if the dataset's
 * folder does not exist or has no known layout
 */
export async function check(file: string, options: CheckOptions): Promise<boolean> {
  const { data, print } = options;
  const recipe = await readRecipeFile(file);
  if (!recipe.ok) throw new UserError(recipe.message);
  const { runs } = recipe;
  // First, because after the list of a large study nobody would see that there is no such folder.
  const source =
    data === null ? null : (BUILT_IN.find(({ name }) => name === data) ?? parseDataOptions([data]).at(-1)!);
  print(`${file} is valid: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`);
  for (const { name, config } of runs) print(`  ${name}, ${config.training.iterations} iterations`);
  const home = resolve(options.home);
  const allowed = allowedSources(home, orRegistered(options, home));
  for (const line of whatToAllow(runs, allowed, home)) print(line);
  if (source === null) {
    print('the runs were not tried, because no --data was given');
    return true;
  }
  const checked = { folder: checkedFolderOf(home), warn: print };
  const dataset = await openDataset(source, { checked });
  for (const warning of dataset.descriptor.warnings) print(`warning: dataset "${dataset.descriptor.name}": ${warning}`);
  const engine = await startRunEngine(options.engine, options.engineOptions);
  print(`dataset ${dataset.descriptor.name}; engine ${engine.name} on ${engine.device}`);
  if (engine.offers) print(`the GPU offers ${engine.offers}`);
  const others = new Set(runs.map(({ config }) => config.dataset).filter((name) => name !== dataset.descriptor.name));
  for (const name of others)
    print(`the recipe uses dataset "${name}", so a runner must offer it under that name: --data ${name}=DIR`);
  /** The name of a run that has trained, by its configuration without seed and split. */
  const trained = new Map<string, string>();
  let good = true;
  for (const run of withoutSeeds(runs)) {
    const training = JSON.stringify({ ...run.config, seed: 0, split: null });
    const alike = trained.get(training) ?? null;
    if (!(await tryOut(run, alike, { dataset, engine, allowed, print }))) good = false;
    else if (alike === null) trained.set(training, run.name);
  }
  return good;
}

/** What the command line says or, without an option, what the owner allowed when the runner of this home was registered. */
function orRegistered({ weights, allowHost }: WeightsOptions, home: string): WeightsOptions {
  const registered = readIdentityIfAny(home);
  return {
    weights: weights.length > 0 ? weights : (registered?.weights ?? []),
    allowHost: allowHost.length > 0 ? allowHost : (registered?.allowHost ?? []),
  };
}

/** For each file of pretrained weights that a runner would not read: what its owner has to do. */
function whatToAllow(runs: readonly RecipeRun[], allowed: AllowedSources, home: string): string[] {
  const sources = new Set(
    runs
      .flatMap(({ config: { network } }) => [network, network.second].map((each) => each?.pretrained?.source ?? []))
      .flat(),
  );
  return [...sources].flatMap((source) => {
    const option = optionFor(source, allowed);
    if (option === null) return [];
    const orMove = urlOf(source)
      ? ''
      : `, or with the file in ${weightsFolderOf(home)} and only its name in the recipe`;
    return [`the pretrained weights ${source} are read only with ${option}${orMove}`];
  });
}

/** Runs that differ only in their seed take the same time and memory, so only one of them is tried. */
function withoutSeeds(runs: readonly RecipeRun[]): RecipeRun[] {
  const distinct = new Map(runs.map((run) => [JSON.stringify({ ...run.config, seed: 0 }), run] as const).reverse());
  return [...distinct.values()].reverse();
}

interface TrialOptions {
  dataset: OpenDataset;
  engine: RunEngine;
  allowed: AllowedSources;
  print: CheckOptions['print'];
}

/**
 * Trains steps of a run, or only checks its images if there is a run that has trained and differs only in its split.
 * @param alike the name of that run
 * @returns whether the run would train
 */
async function tryOut({ name, config }: RecipeRun, alike: string | null, options: TrialOptions): Promise<boolean> {
  const { dataset, print } = options;
  const known = dataset.descriptor.warnings;
  const images = (labelled: number, unlabelled: number, splitHash: string) =>
    `${labelled} labelled and ${unlabelled} unlabelled images (split ${splitHash.slice(0, 12)})`;
  const warn = (warnings: readonly string[]) => {
    for (const warning of warnings.filter((each) => !known.includes(each))) print(`${name}: warning: ${warning}`);
  };
  try {
    if (alike === null) {
      const tried = await steps(config, options);
      const { labelledImages, unlabelledImages, splitHash } = tried.found;
      print(`${name}: ${images(labelledImages, unlabelledImages, splitHash)}; ${describe(tried)}`);
      warn(tried.warnings);
      for (const line of tried.loaded) print(`  ${line}`);
    } else {
      const { split, warnings } = await checkTrainingData({ config, dataset });
      print(`${name}: ${images(split.labelled.length, split.unlabelled.length, split.hash)}; trains as ${alike} does`);
      warn(warnings);
    }
    return true;
  } catch (error) {
    print(`${name}: would fail: ${(error as Error).message}`);
    return false;
  }
}

async function steps(config: RunConfig, { print, ...where }: TrialOptions): Promise<DryRun> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'crosscheck-check-'));
  try {
    return await dryRun({
      ...where,
      config,
      tracker: nullTracker,
      privately: (line) => print(`  ${line}`),
      workDirectory,
      resumeFrom: null,
    });
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

function describe({ found, losses, stepSeconds, imagesPerSecond, memory }: DryRun): string {
  const heap = memory.heap === null ? '' : `, ${mebibytes(memory.heap)} of wasm memory`;
  return [
    parameterWords(found),
    `${stepSeconds.toPrecision(3)} s per step, ${imagesPerSecond.toPrecision(3)} images/s`,
    `${mebibytes(memory.tensors)} of tensors${heap}, ${mebibytes(memory.process)} in the process`,
    `loss ${losses.loss!.toPrecision(4)}`,
  ].join('; ');
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}
