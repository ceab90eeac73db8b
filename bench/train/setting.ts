import { Command, InvalidArgumentError, Option } from 'commander';
import { positiveInt } from '../../cli/options.js';
import { ENGINE_CHOICES, type EngineChoice } from '../../runner/tracking/engine.js';
import type { RunConfig } from '../../schema/run-config.js';
import { benchConfig } from '../example.js';

/** What is timed. */
export interface Setting {
  engine: EngineChoice;
  adapter: string | null;
  steps: number;
  backbone: RunConfig['network']['backbone'];
  width: number;
  /** Number of labelled images, and of unlabelled images. */
  batch: number;
  crop: [height: number, width: number];
  classes: number;
  optimiser: RunConfig['optimiser']['name'];
  torch: boolean;
}

/** The command line. Its defaults are the setting of the figures in docs/performance.md. */
export function parseSetting(): Setting {
  const options = new Command('bench:train')
    .description('Times one twin step of CPS, alternating with PyTorch. The last line of the output is JSON.')
    .addOption(new Option('--engine <engine>').choices(ENGINE_CHOICES).default('auto'))
    .option('--adapter <adapter>', 'the GPU of the webgpu engine, by index or name')
    .option('--steps <count>', 'timed steps', positiveInt, 20)
    .addOption(
      new Option('--backbone <name>').choices(['resnet18', 'resnet34', 'resnet50', 'resnet101']).default('resnet18'),
    )
    .option('--width <factor>', 'share of the channels', Number, 0.25)
    .option('--batch <count>', 'number of labelled images, and of unlabelled images', positiveInt, 4)
    .option('--crop <HxW>', 'size of an image in pixels', crop, [96, 128])
    .option('--classes <count>', 'number of classes', positiveInt, 11)
    .addOption(new Option('--optimiser <name>').choices(['sgd', 'adam']).default('sgd'))
    .option('--no-torch', 'do not compare with PyTorch')
    .parse()
    .opts();
  return { ...options, adapter: options.adapter ?? null } as Setting;
}

/** @throws Error if the options do not make a valid configuration; the message names the field. */
export function configOf({ backbone, width, batch, crop, optimiser }: Setting): RunConfig {
  return benchConfig({
    method: { name: 'cps', weight: 1.5 },
    network: { backbone, width },
    optimiser: { name: optimiser },
    augmentation: { crop },
    training: { batchLabelled: batch, batchUnlabelled: batch },
  });
}

function crop(text: string): [number, number] {
  const [, height, width] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (!height || !width) throw new InvalidArgumentError('must be HEIGHTxWIDTH, such as 96x128.');
  return [Number(height), Number(width)];
}
