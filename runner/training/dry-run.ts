import type { RunSetup } from '../tracking/tracker.js';
import { imageCount } from './batches.js';
import { namedLosses } from './meters.js';
import { ratesAt, restartOf } from './schedule.js';
import { prepareRun, type TrainOptions } from './setup.js';

/** How a run would perform on this machine. */
export interface DryRun {
  found: RunSetup;
  /** What looks wrong with the data, in one line each. */
  warnings: readonly string[];
  /** What was loaded from pretrained weights: a line for each file. */
  loaded: readonly string[];
  losses: Record<string, number>;
  /** Duration of the second step (or the only one, in a run of one iteration), because the first also compiles and allocates. */
  stepSeconds: number;
  /** Training images of all streams, divided by that time. */
  imagesPerSecond: number;
  /** Bytes held after that step by the engines of all networks and by the whole process. `heap` is null except for wasm. */
  memory: { tensors: number; heap: number | null; process: number };
}

/**
 * Sets up a run as `train` does and takes two steps. If the method trains in two rounds, they are steps of the second, which
 * does more work. Nothing is evaluated or saved.
 * @throws Error when the run could not train, with the reason: dataset, split, weights, memory, or a loss that is not finite
 */
export async function dryRun(options: TrainOptions): Promise<DryRun> {
  const run = await prepareRun(options);
  try {
    const first = restartOf(options.config) ?? 0;
    const last = Math.min(first + 1, options.config.training.iterations - 1);
    if (first < last) await take(first);
    const { losses, seconds, images } = await take(last);
    const bad = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
    if (bad) throw new Error(`${bad[0]} became ${bad[1]} in the dry run's last step; lower optimiser.learningRate`);
    const memory = await run.branches.memory();
    const heaps = memory.flatMap(({ heapBytes }) => (heapBytes === null ? [] : [heapBytes]));
    return {
      found: run.found,
      warnings: run.warnings,
      loaded: run.loaded,
      losses,
      stepSeconds: seconds,
      imagesPerSecond: images / seconds,
      memory: {
        tensors: sum(memory.map(({ tensorBytes }) => tensorBytes)),
        heap: heaps.length > 0 ? sum(heaps) : null,
        process: process.memoryUsage.rss(),
      },
    };
  } finally {
    await run.close();
  }

  async function take(step: number) {
    const batches = await run.batches.take(step);
    const started = performance.now();
    run.mix(step, batches);
    const losses = namedLosses(await run.branches.step(step, batches, ratesAt(options.config, step)));
    return { losses, seconds: (performance.now() - started) / 1000, images: imageCount(batches) };
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
