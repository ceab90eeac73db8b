import type { Batch, StepBatches } from '../runner/data/dataset.js';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../schema/run-config.js';

/** A configuration for networks that are opened without a dataset. @throws Error with every problem */
export function benchConfig(changes: Partial<RunConfigInput>): RunConfig {
  const base: RunConfigInput = { dataset: 'none', split: { labelledRatio: 0.5 }, method: { name: 'cps' } };
  const parsed = parseRunConfig({ ...base, ...changes });
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
}

/** Images with stripes of every class for one step of CPS. Only the cost of the step matters, not what is learned. */
export function exampleBatches({ training, augmentation }: RunConfig, classes: number): StepBatches {
  const [height, width] = augmentation.crop;
  const batch = (count: number, phase: number): Batch => {
    const labels = Uint8Array.from({ length: count * height * width }, (_, i) => ((i >> 4) + phase) % classes);
    const images = Float32Array.from({ length: 3 * labels.length }, (_, i) => Math.sin(i * (1 + phase)));
    return { count, height, width, channels: 3, images, labels, strong: [] };
  };
  return {
    labelled: batch(training.batchLabelled, 0),
    unlabelled: batch(training.batchUnlabelled, 1),
    unlabelledMix: null,
  };
}
