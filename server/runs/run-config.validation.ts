import { type ConfigProblem, parseRunConfig, type RunConfig, trainsOnUnlabelled } from '../../schema/run-config.js';
import { MAX_NAME_LENGTH } from '../../schema/run-labels.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { badUserInput, invalid } from '../graphql/errors.js';

export interface CheckedRun {
  config: RunConfig;
  dataset: Dataset;
}

/** Checks and completes configurations of which all must be right. @throws BAD_USER_INPUT listing every problem once */
export async function checkConfigs(inputs: unknown[], datasetsService: DatasetsService): Promise<CheckedRun[]> {
  const problems = new Map<string, ConfigProblem>();
  const configs: RunConfig[] = [];
  for (const input of inputs) {
    const result = parseRunConfig(input);
    if (result.ok) configs.push(result.config);
    else for (const problem of result.problems) problems.set(`${problem.field} ${problem.message}`, problem);
  }
  if (problems.size > 0) throw invalid('the run configuration', [...problems.values()]);

  const datasets = new Map<string, Dataset>();
  for (const name of new Set(configs.map(({ dataset }) => dataset))) {
    datasets.set(name, await knownDataset(name, datasetsService));
  }
  const runs = configs.map((config) => ({ config, dataset: datasets.get(config.dataset)! }));
  const impossible = runs.flatMap((run) => tooManyLabelled(run) ?? leavesNothing(run) ?? []);
  const distinct = new Map(impossible.map((problem) => [`${problem.field} ${problem.message}`, problem]));
  if (distinct.size > 0) throw invalid('the run configuration', [...distinct.values()]);
  return runs;
}

function tooManyLabelled({ config: { split }, dataset: { name, trainImages } }: CheckedRun): ConfigProblem | null {
  if (!('labelledImages' in split) || split.labelledImages <= trainImages) return null;
  const message = `dataset "${name}" has ${trainImages} training images, so at most as many have labels; got ${split.labelledImages}`;
  return { field: 'split.labelledImages', message };
}

/** A method that needs unlabelled images, of a dataset whose images are all labelled; lists are the runner's to read. */
function leavesNothing({ config: { method, split }, dataset }: CheckedRun): ConfigProblem | null {
  if (!trainsOnUnlabelled(method) || dataset.unlabelledImages > 0) return null;
  const needs = `method "${method.name}" trains on unlabelled images, and dataset "${dataset.name}" has none but those whose labels are hidden`;
  if ('labelledRatio' in split && split.labelledRatio === 1) {
    return { field: 'split.labelledRatio', message: `${needs}: needs a share in (0, 1); got 1` };
  }
  if ('labelledImages' in split && split.labelledImages === dataset.trainImages) {
    return {
      field: 'split.labelledImages',
      message: `${needs}: needs fewer than its ${dataset.trainImages} training images; got ${split.labelledImages}`,
    };
  }
  return null;
}

async function knownDataset(name: string, datasetsService: DatasetsService): Promise<Dataset> {
  const dataset = await datasetsService.byName(name);
  if (dataset) return dataset;
  const names = await datasetsService.names();
  const known = names.length > 0 ? `known: ${names.join(', ')}` : 'none is known yet';
  throw invalid('the run configuration', [
    {
      field: 'dataset',
      message: `"${name}" is unknown; ${known}. A dataset becomes known when a runner announces it.`,
    },
  ]);
}

const MAX_TAGS = 50;

/** @throws BAD_USER_INPUT for an empty or endless name */
export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed && trimmed.length <= MAX_NAME_LENGTH) return trimmed;
  throw badUserInput(`name: must have 1 to ${MAX_NAME_LENGTH} characters; got ${JSON.stringify(name)}`);
}

/** Without repetitions. @throws BAD_USER_INPUT */
export function checkTags(tags: string[]): string[] {
  const bad = tags.find((tag) => !tag.trim() || tag.length > 64);
  if (bad !== undefined) throw badUserInput(`tags: a tag has 1 to 64 characters; got ${JSON.stringify(bad)}`);
  if (tags.length > MAX_TAGS) throw badUserInput(`tags: at most ${MAX_TAGS}; got ${tags.length}`);
  return [...new Set(tags)];
}
