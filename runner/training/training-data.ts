import { type RunConfig, unlabelledAreAll } from '../../schema/run-config.js';
import { type ClassPixels, countLabelled } from '../data/augment/class-sampling.js';
import type { Dataset, OpenDataset } from '../data/dataset.js';
import { asConfigured } from '../data/images/rescale.js';
import { createLoader, type Streams } from '../data/loading/loader.js';
import { requireFitting } from '../data/orientation.js';
import { openSplit, type Split, withAllUnlabelled } from '../data/splits/splits.js';
import { datasetWarnings, splitWarnings, taggedOf } from './data-warnings.js';
import { createMethod } from './methods/registry.js';
import { restartOf } from './schedule.js';

/** The images of a run. */
export interface TrainingData {
  /** With the run's changes, such as a smaller scale. */
  dataset: Dataset;
  split: Split;
  streams: Streams;
  /** What looks wrong with the images, in one line each. */
  warnings: readonly string[];
}

/** @throws Error when the dataset or the split does not fit the configuration; the message says why */
export async function openTrainingData(options: { config: RunConfig; dataset: OpenDataset }): Promise<TrainingData> {
  const { config } = options;
  const dataset = asConfigured(options.dataset, config.data);
  const { name, classes } = dataset.descriptor;
  if (classes.length < 2)
    throw new Error(`dataset "${name}" has ${classes.length} class; segmentation needs at least 2`);
  const opened = await openSplit(options.dataset, config.split);
  const split = unlabelledAreAll(config.method) ? withAllUnlabelled(opened) : opened;
  const { streams } = createMethod(config.method);
  const used = taggedOf(options.dataset, split, streams);
  requireFitting(used, config.data.applyOrientation);
  const warnings = [
    ...datasetWarnings(options.dataset, used, config.data.applyOrientation),
    ...(await splitWarnings(options.dataset, split, config.split)),
  ];
  return { dataset, split, streams, warnings };
}

/** The first step that has unlabelled images: the first of two rounds trains on labelled images only. */
export function firstUnlabelledStep(config: RunConfig): number {
  return restartOf(config) ?? 0;
}

/** What the loader needs to know about the labelled images, if `balance` draws by it. */
export async function neededClassPixels(
  { balance }: RunConfig,
  { dataset, split }: Pick<TrainingData, 'dataset' | 'split'>,
): Promise<{ classPixels?: ClassPixels }> {
  if (!balance?.sampling && balance?.mixing.name !== 'class_aware') return {};
  return { classPixels: await countLabelled(dataset, split.labelled) };
}

/**
 * Checks whether a run can load its images, without loading any.
 * @throws Error when it cannot; the message says why
 */
export async function checkTrainingData(options: { config: RunConfig; dataset: OpenDataset }): Promise<TrainingData> {
  const data = await openTrainingData(options);
  const { split, streams } = data;
  const unlabelledFrom = firstUnlabelledStep(options.config);
  const classPixels = await neededClassPixels(options.config, data);
  createLoader({ ...options, split, streams, unlabelledFrom, ...classPixels }).close();
  return data;
}
