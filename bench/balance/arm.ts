import { countLabelled, totalPixels } from '../../runner/data/augment/class-sampling.js';
import type { OpenDataset } from '../../runner/data/dataset.js';
import { createLoader, type Loader } from '../../runner/data/loading/loader.js';
import { adaptToNetworks } from '../../runner/data/mixing/adapt-to-networks.js';
import { openSplit } from '../../runner/data/splits/splits.js';
import type { Branches } from '../../runner/training/branches/branches.js';
import { openTogether } from '../../runner/training/branches/together.js';
import { createMethod } from '../../runner/training/methods/registry.js';
import { ratesAt } from '../../runner/training/schedule.js';
import { forLoader } from '../../runner/training/training-data.js';
import type { RunConfig } from '../../schema/run-config.js';
import { configOf, type REMEDIES } from './remedies.js';

/** Enough that the learning rate hardly falls. */
const ITERATIONS = 100_000;

/** The labelled pixels of each class in a configuration's split. */
export async function labelledPixels(dataset: OpenDataset, config: RunConfig): Promise<number[]> {
  const { labelled } = await openSplit(dataset, config.split);
  return totalPixels(await countLabelled(dataset, labelled));
}

/** A run with or without a remedy, of which all work is done in this thread: its images and both networks. */
export class Arm {
  private step = 0;

  private constructor(
    private readonly config: RunConfig,
    private readonly classPixels: readonly number[],
    private readonly loader: Loader,
    private readonly branches: Branches,
  ) {}

  static async open(dataset: OpenDataset, balance: (typeof REMEDIES)[string] | null): Promise<Arm> {
    const config = configOf(balance, ITERATIONS);
    const split = await openSplit(dataset, config.split);
    const { streams } = createMethod(config.method);
    const counted = await countLabelled(dataset, split.labelled);
    const loader = createLoader({ dataset, split, config, streams, ...forLoader(config, counted) });
    const classPixels = totalPixels(counted);
    const { classes, channels } = dataset.descriptor;
    const networks = { config, classes: classes.length, inputChannels: channels, classPixels };
    return new Arm(config, classPixels, loader, await openTogether(networks));
  }

  /** Takes a step. @returns the processor time of preparing its images and of the step itself, in milliseconds */
  async next(): Promise<{ data: number; step: number }> {
    const { config, classPixels, step } = this;
    const start = process.cpuUsage();
    const batches = await this.loader.batch(step);
    const data = millisecondsSince(start);
    const prepared = process.cpuUsage();
    if (config.balance) {
      const { mixing } = config.balance;
      adaptToNetworks(step, batches, {
        mixing,
        confidence: classPixels.map(() => 0.5),
        classPixels,
        seed: config.seed,
      });
    }
    await this.branches.step(step, batches, ratesAt(config, step));
    this.step += 1;
    return { data, step: millisecondsSince(prepared) };
  }

  async close(): Promise<void> {
    await this.loader.close();
    await this.branches.dispose();
  }
}

function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
