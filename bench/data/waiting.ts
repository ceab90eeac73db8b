import { countLabelled } from '../../runner/data/augment/class-sampling.js';
import type { OpenDataset, StepBatches } from '../../runner/data/dataset.js';
import { openLoaderThread } from '../../runner/data/loading/loader-thread.js';
import { openSplit } from '../../runner/data/splits/splits.js';
import { Batches } from '../../runner/training/batches.js';
import { createMethod } from '../../runner/training/methods/registry.js';
import { forLoader } from '../../runner/training/training-data.js';
import type { RunConfig } from '../../schema/run-config.js';

/** The first steps of a run, which are not timed. */
export const WARM_UP_STEPS = 5;

/**
 * Runs the steps of a run as training does, with the images prepared in another thread. Times are means in milliseconds, without
 * the first steps; `dataWait` is the share of a step spent waiting for images.
 */
export async function waitingShare(
  dataset: OpenDataset,
  config: RunConfig,
  train: (step: number, batches: StepBatches) => Promise<void>,
  cacheBytes?: number,
) {
  const split = await openSplit(dataset, config.split);
  const { streams } = createMethod(config.method);
  const loader = await openLoaderThread({
    ...{ dataset, split, config, streams },
    ...forLoader(config, await countLabelled(dataset, split.labelled)),
    ...(cacheBytes !== undefined && { cacheBytes }),
  });
  const { iterations } = config.training;
  const batches = new Batches(loader, iterations);
  let waited = 0;
  let whole = 0;
  let processor = process.cpuUsage();
  for (let step = 0; step < iterations; step++) {
    const started = performance.now();
    const taken = await batches.take(step);
    const arrived = performance.now();
    await train(step, taken);
    if (step < WARM_UP_STEPS) {
      processor = process.cpuUsage();
      continue;
    }
    waited += arrived - started;
    whole += performance.now() - started;
  }
  const { user, system } = process.cpuUsage(processor);
  await loader.close();
  const steps = iterations - WARM_UP_STEPS;
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    steps,
    stepMs: round(whole / steps, 1),
    // All threads, including those that train. If the step only sleeps, this is the cost of the loader.
    processorMs: round((user + system) / 1000 / steps, 0),
    waitMs: round(waited / steps, 2),
    dataWait: round(waited / whole, 4),
  };
}
