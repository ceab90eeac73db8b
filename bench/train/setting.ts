import { Command, InvalidArgumentError, Option } from 'commander';
import type { Batch, StepBatches } from '../../runner/data/dataset.js';
import { parseRunConfig, type RunConfig } from '../../schema/run-config.js';

/** What is timed. */
export interface Setting {
  engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  adapter: string | null;
  steps: number;
  backbone: RunConfig['network']['backbone'];
  width: number;
  /** Labelled images, and as many unlabelled ones. */
  batch: number;
  crop: [height: number, width: number];
  classes: number;
  torch: boolean;
}

/** The command line; its defaults are the setting that the project measures itself by. */
export function parseSetting(): Setting {
  const options = new Command('bench:train')
    .description('One twin step of CPS here and in PyTorch, alternating; prints one JSON line, last.')
    .addOption(new Option('--engine <engine>').choices(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']).default('auto'))
    .option('--adapter <adapter>', 'the GPU of the webgpu engine, by index or name')
    .option('--steps <count>', 'timed steps', wholeNumber, 20)
    .addOption(
      new Option('--backbone <name>').choices(['resnet18', 'resnet34', 'resnet50', 'resnet101']).default('resnet18'),
    )
    .option('--width <factor>', 'share of the channels', Number, 0.25)
    .option('--batch <count>', 'labelled images, and as many unlabelled ones', wholeNumber, 4)
    .option('--crop <HxW>', 'size of an image in pixels', crop, [96, 128])
    .option('--classes <count>', 'number of classes', wholeNumber, 11)
    .option('--no-torch', 'without PyTorch beside it')
    .parse()
    .opts();
  return { ...options, adapter: options.adapter ?? null } as Setting;
}

/** @throws Error when the options make no valid configuration; the message names the field. */
export function configOf({ backbone, width, batch, crop }: Setting): RunConfig {
  const parsed = parseRunConfig({
    dataset: 'none',
    split: { labelledRatio: 0.5 },
    method: { name: 'cps', weight: 1.5 },
    network: { backbone, width },
    augmentation: { crop },
    training: { batchLabelled: batch, batchUnlabelled: batch },
  });
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
}

export function exampleBatches(setting: Setting): StepBatches {
  return { labelled: exampleBatch(setting, 0), unlabelled: exampleBatch(setting, 1), unlabelledMix: null };
}

/** Stripes of every class: what is learnt does not matter, how long it takes does. */
function exampleBatch({ batch, crop: [height, width], classes }: Setting, phase: number): Batch {
  const labels = Uint8Array.from({ length: batch * height * width }, (_, i) => ((i >> 4) + phase) % classes);
  const images = Float32Array.from({ length: 3 * labels.length }, (_, i) => Math.sin(i * (1 + phase)));
  return { count: batch, height, width, images, labels };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1 on.');
  return value;
}

function crop(text: string): [number, number] {
  const [, height, width] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (!height || !width) throw new InvalidArgumentError('must be HEIGHTxWIDTH, such as 96x128.');
  return [Number(height), Number(width)];
}
