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
  /** What the labels of the split hold. Counting may mean decoding each of them, so they are counted once. */
  classPixels: ClassPixels;
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
  const classPixels = await countLabelled(options.dataset, split.labelled);
  const warnings = [
    ...datasetWarnings(options.dataset, used, config.data.applyOrientation),
    ...(await splitWarnings(options.dataset, classPixels, config.split)),
  ];
  return { dataset, split, streams, classPixels, warnings };
}

/** The first step that has unlabelled images: the first of two rounds trains on labelled images only. */
export function firstUnlabelledStep(config: RunConfig): number {
  return restartOf(config) ?? 0;
}

/** What the loader needs to know about the labelled images, if `balance` draws by it. */
export function forLoader({ balance }: RunConfig, classPixels: ClassPixels): { classPixels?: ClassPixels } {
  return balance?.sampling || balance?.mixing.name === 'class_aware' ? { classPixels } : {};
}

/**
 * Checks whether a run can load its images, without loading any.
 * @throws Error when it cannot; the message says why
 */
export async function checkTrainingData(options: { config: RunConfig; dataset: OpenDataset }): Promise<TrainingData> {
  const data = await openTrainingData(options);
  const { split, streams, classPixels } = data;
  const unlabelledFrom = firstUnlabelledStep(options.config);
  createLoader({ ...options, split, streams, unlabelledFrom, ...forLoader(options.config, classPixels) }).close();
  return data;
}
