import type { RunSetup } from '../tracking/tracker.js';
import { imageCount } from './batches.js';
import { namedLosses } from './meters.js';
import { ratesAt, restartOf } from './schedule.js';
import { prepareRun, type TrainOptions } from './setup.js';

/** What a run would be like on this machine. */
export interface DryRun {
  found: RunSetup;
  losses: Record<string, number>;
  /** Of the second step (the only one of a run of one iteration); the first one also compiles and allocates. */
  stepSeconds: number;
  /** Training images of all streams by that time. */
  imagesPerSecond: number;
  /** Bytes that the engines of all networks and the whole process hold after it; heap: of wasm engines, null for others. */
  memory: { tensors: number; heap: number | null; process: number };
}

/**
 * Sets a run up as `train` does and takes two steps, of the second round where there is one, since that one does more;
 * nothing is evaluated or saved.
 * @throws Error with what keeps the run from training: dataset, split, weights, memory, a loss that is not finite
 */
export async function dryRun(options: TrainOptions): Promise<DryRun> {
  const run = await prepareRun(options);
  try {
    const first = restartOf(options.config) ?? 0;
    const last = Math.min(first + 1, options.config.training.iterations - 1);
    if (first < last) await take(first);
    const { losses, seconds, images } = await take(last);
    const bad = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
    if (bad) throw new Error(`${bad[0]} became ${bad[1]} in the last step tried; lower optimiser.learningRate`);
    const memory = await run.branches.memory();
    const heaps = memory.flatMap(({ heapBytes }) => (heapBytes === null ? [] : [heapBytes]));
    return {
      found: run.found,
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
    const losses = namedLosses(await run.branches.step(step, batches, ratesAt(options.config, step)));
    return { losses, seconds: (performance.now() - started) / 1000, images: imageCount(batches) };
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
