import { expect } from 'vitest';
import type { MixingConfig } from '../../../schema/mixing-config.js';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import type { Batch, Dataset, LabelledImage } from '../dataset.js';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import type { Streams } from '../loading/loader.js';

/** Images of which it is known where each class is, for tests of `balance.mixing`. */

export const STREAMS: Streams = { unlabelled: true, mix: false, strongViews: 0 };
const shapes = openShapes('shapes');
const { mean, std } = shapes.descriptor.normalisation;

/** A run on 32x32 images, neither scaled nor mirrored, with this mixing. */
export function mixingConfigOf(mixing: object, changes: Partial<RunConfigInput> = {}): RunConfig {
  const result = parseRunConfig({
    dataset: 'shapes',
    split: { labelledRatio: 0.5 },
    method: { name: 'cps' },
    augmentation: { crop: [32, 32], scales: [1], flip: 0 },
    training: { batchLabelled: 2, batchUnlabelled: 4 },
    balance: { mixing: mixing as MixingConfig },
    seed: 5,
    ...changes,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

/** The label of a pixel. */
export type Draw = (x: number, y: number) => number;

/** A dataset of planted images: `label(x, y)` of each id, and a colour that is ten times the label, or 200 for unlabelled ones. */
export function planted(labelled: Record<string, Draw>, [width, height] = [32, 32]) {
  const unlabelled = ['u0', 'u1', 'u2'];
  const ids = Object.keys(labelled);
  const image = (id: string): LabelledImage => {
    const at = labelled[id] ?? (() => 6);
    const labels = Uint8Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
    const colours = id.startsWith('u') ? labels.map(() => 200) : labels.map((label) => 10 * label);
    const pixels = Uint8Array.from({ length: 3 * labels.length }, (_, i) => colours[Math.floor(i / 3)]!);
    return { id, width, height, channels: 3, pixels, labels };
  };
  const dataset: Dataset = {
    descriptor: { ...shapes.descriptor, ignoreIndex: 255 },
    ids: () => ids,
    unlabelledIds: unlabelled,
    classPixels: async (id) => countsOf(image(id).labels),
    tagged: [],
    forgetCounts() {},
    load: async (_, id) => image(id),
  };
  const classPixels = new Map(ids.map((id) => [id, countsOf(image(id).labels)] as const));
  return { dataset, split: { labelled: ids, unlabelled }, classPixels };
}

function countsOf(labels: Uint8Array): number[] {
  return Array.from({ length: 8 }, (_, label) => labels.filter((each) => each === label).length);
}

/** The value of a colour after normalisation, in a channel. */
const normalised = (colour: number, channel: number) => (colour / 255 - mean[channel]!) / std[channel]!;

/**
 * Checks that a batch shows the colour of the pasted label where one was pasted, and that of unlabelled images elsewhere.
 * @returns the number of pasted pixels
 */
export function expectMoved({ images, labels, pasted }: Batch): number {
  const wrong: number[] = [];
  let count = 0;
  for (const [at, label] of pasted!.entries()) {
    const known = label !== 255;
    const colour = known ? 10 * label : 200;
    if (known) count += 1;
    const shown = [0, 1, 2].every((c) => Math.abs(images[3 * at + c]! - normalised(colour, c)) < 1e-4);
    if (!shown || labels[at] !== (known ? label : 6)) wrong.push(at);
  }
  expect(wrong).toEqual([]);
  return count;
}
