import { configMistake } from '../../schema/problems/config-reasons.js';
import {
  type ConfigProblem,
  parseRunConfig,
  type RunConfig,
  trainsOnUnlabelled,
  unlabelledAreAll,
} from '../../schema/run-config.js';
import { MAX_NAME_LENGTH } from '../../schema/run-labels.js';
import type { Transaction } from '../database/transaction.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { checkedName } from '../graphql/checks.js';
import { invalid, refusal } from '../graphql/errors.js';

export interface CheckedRun {
  config: RunConfig;
  dataset: Dataset;
}

/**
 * Checks configurations and adds defaults. @throws BAD_USER_INPUT that lists every problem of all of them, once each
 * @param transaction the one that the caller is in, if any. The datasets are looked up on its connection: callers that hold a
 *   connection and wait for a second one can empty the pool, and then none of them ever gets it
 */
export async function checkConfigs(
  inputs: unknown[],
  datasetsService: DatasetsService,
  transaction?: Transaction,
): Promise<CheckedRun[]> {
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
    datasets.set(name, await knownDataset(name, datasetsService, transaction));
  }
  const runs = configs.map((config) => ({ config, dataset: datasets.get(config.dataset)! }));
  const impossible = runs.flatMap((run) => tooManyLabelled(run) ?? leavesNothing(run) ?? []);
  const distinct = new Map(impossible.map((problem) => [`${problem.field} ${problem.message}`, problem]));
  if (distinct.size > 0) throw invalid('the run configuration', [...distinct.values()]);
  return runs;
}

/** The configuration with another time limit. Nothing else is checked again. @throws BAD_USER_INPUT for an invalid limit */
export function withMaxHours(stored: RunConfig, maxHours: number): RunConfig {
  const config = { ...stored, training: { ...stored.training, maxHours } };
  const result = parseRunConfig(config);
  const problems = result.ok ? [] : result.problems.filter(({ field }) => field === 'training.maxHours');
  if (problems.length > 0) throw invalid('maxHours', problems);
  return config;
}

function tooManyLabelled({ config: { split }, dataset: { name, trainImages } }: CheckedRun): ConfigProblem | null {
  if (!('labelledImages' in split) || split.labelledImages <= trainImages) return null;
  const params = { max: trainImages, dataset: name, value: split.labelledImages };
  return { field: 'split.labelledImages', ...configMistake('TOO_MANY_LABELLED', params) };
}

/** The method needs unlabelled images, but the split leaves none. Only the runner can check splits that are lists. */
function leavesNothing({ config: { method, split }, dataset }: CheckedRun): ConfigProblem | null {
  if (!trainsOnUnlabelled(method) || unlabelledAreAll(method) || dataset.unlabelledImages > 0) return null;
  const none = (value: number, max: number) =>
    configMistake('NONE_UNLABELLED', { max, value, method: method.name, dataset: dataset.name });
  if ('labelledRatio' in split && split.labelledRatio === 1) {
    return { field: 'split.labelledRatio', ...none(1, 1) };
  }
  if ('labelledImages' in split && split.labelledImages === dataset.trainImages) {
    return { field: 'split.labelledImages', ...none(split.labelledImages, dataset.trainImages) };
  }
  return null;
}

async function knownDataset(
  name: string,
  datasetsService: DatasetsService,
  transaction: Transaction | undefined,
): Promise<Dataset> {
  const dataset = await datasetsService.byName(name, transaction);
  if (dataset) return dataset;
  const names = await datasetsService.names(transaction);
  const others = names.length > 0 ? `known datasets: ${names.join(', ')}` : 'no dataset is known yet';
  const mistake = configMistake('UNKNOWN_DATASET', { name, known: names }, { others });
  throw invalid('the run configuration', [{ field: 'dataset', ...mistake }]);
}

/** Tags of a run or of a study. */
export const MAX_TAGS = 50;

/** The name of a run or a study, without surrounding spaces. @throws BAD_USER_INPUT if it is empty or too long */
export const checkName = (name: string): string => checkedName(name, MAX_NAME_LENGTH);

/** The tags without duplicates. @throws BAD_USER_INPUT */
export function checkTags(tags: string[]): string[] {
  const bad = tags.find((tag) => !tag.trim() || tag.length > 64);
  if (bad !== undefined) throw refusal('TAG_INVALID', { most: 64, value: bad });
  if (tags.length > MAX_TAGS) throw refusal('TOO_MANY_ENTRIES', { field: 'tags', most: MAX_TAGS, count: tags.length });
  return [...new Set(tags)];
}
