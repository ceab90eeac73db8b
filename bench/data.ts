import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { positiveInt } from '../cli/options.js';
import { openDataset } from '../runner/data/open.js';
import { startRunEngine } from '../runner/run-engine.js';
import type { EngineChoice } from '../runner/tracking/engine.js';
import { openBranches } from '../runner/training/branches/open.js';
import { ratesAt } from '../runner/training/schedule.js';
import { cityscapesLike, cityscapesLikeConfig } from './data/cityscapes-like.js';
import { WARM_UP_STEPS, waitingShare } from './data/waiting.js';
import { benchConfig } from './example.js';

/**
 * Measures the share of a training step spent waiting for images, which must stay under 5 %: for real steps of CPS + CutMix on
 * small images, and for images of 2048x1024 with a simulated device that takes `--step-ms` per step and leaves the processor
 * free. Prints one JSON line; the exit code is 1 if a share is larger. `npm run bench:data -- --help` lists the settings.
 */
const ALLOWED_SHARE = 0.05;

const options = new Command('bench:data')
  .description('Measures the share of a training step spent waiting for images. The last line of the output is JSON.')
  .option(
    '--data <folder>',
    'a folder of small images; if it does not exist, shapes is used',
    '../shared/data/camvid-small',
  )
  .option(
    '--large <folder>',
    'images in the layout of Cityscapes; skipped if the folder does not exist',
    '../shared/data/cityscapes-layout',
  )
  .option('--engine <engine>', 'the engine for the steps on small images', 'auto')
  .option('--steps <count>', 'timed steps', positiveInt, 40)
  // At this size, a step of CPS + CutMix on ResNet-50 takes about 40 TFLOP: 2 s at 20 TFLOP/s.
  .option('--step-ms <milliseconds>', 'how long a step on large images takes', positiveInt, 2000)
  .parse()
  .opts<{ data: string; large: string; engine: string; steps: number; stepMs: number }>();

const load = Math.round(loadavg()[0]! * 100) / 100;
const settings = [await onSmallImages(), ...(await onLargeImages())];
console.log(
  JSON.stringify({ bench: 'data', node: process.version, loadAtStart: load, allowed: ALLOWED_SHARE, settings }),
);
if (settings.some(({ dataWait }) => dataWait > ALLOWED_SHARE)) process.exitCode = 1;

async function onSmallImages() {
  const directory = existsSync(options.data) ? resolve(options.data) : null;
  const dataset = await openDataset({
    name: directory ? basename(directory) : 'shapes',
    kind: directory ? 'folder' : 'shapes',
    directory,
  });
  const config = benchConfig({
    method: { name: 'cps_cutmix' },
    split: { labelledRatio: 1 / 16 },
    data: { imageScale: directory ? 0.5 : 1 },
    augmentation: { crop: [72, 96], scales: [1, 1.25, 1.5, 1.75] },
    training: { batchLabelled: 8, batchUnlabelled: 8, iterations: WARM_UP_STEPS + options.steps },
  });
  const engine = await startRunEngine(options.engine as EngineChoice);
  const { classes, channels } = dataset.descriptor;
  const branches = await openBranches({ config, classes: classes.length, inputChannels: channels }, engine);
  const times = await waitingShare(dataset, config, async (step, batches) => {
    await branches.step(step, batches, ratesAt(config, step), false);
  });
  await branches.dispose();
  return { dataset: dataset.source.name, crop: '96x72', device: engine.reason, ...times };
}

async function onLargeImages() {
  const directory = await cityscapesLike(options.large);
  if (!directory) return [];
  try {
    const dataset = await openDataset({ name: 'large', kind: 'cityscapes', directory });
    const config = cityscapesLikeConfig(WARM_UP_STEPS + options.steps);
    // No cache: the loader's would hold only 4 % of the 2,975 training images.
    const times = await waitingShare(dataset, config, () => sleep(options.stepMs), 0);
    return [{ dataset: 'cityscapes-like', crop: '800x800', device: `${options.stepMs} ms per step`, ...times }];
  } finally {
    await rm(directory, { recursive: true });
  }
}
