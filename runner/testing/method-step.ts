import type { Batch, StepBatches } from '../data/dataset.js';
import shapes from '../networks/fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import type { BranchState } from '../training/branches/branches.js';
import fixture from '../training/methods/fixtures/method_steps.json' with { type: 'json' };
import { hashedLabels, hashedValues, sizeOf } from './hashed.js';
import { hashedTensorValues } from './hashed-network.js';

/** The networks' state and the images of a step as in training/methods/fixtures/method_step.py, which explains them. */

export type Size = [height: number, width: number];

const GROUPS = [
  ...['weights', 'statistics', 'momentum', 'exp_avg', 'exp_avg_sq'],
  ...['teacher_weights', 'teacher_statistics', 'part_weights'],
];
const SECOND_BRANCH = 10_000;
const MEMORY_SCALES: Record<string, number> = { momentum: 0.01, exp_avg: 0.01, exp_avg_sq: 1e-3 };

/** The names of the network's tensors, in the order of the script. */
export const NETWORK_TENSORS = Object.keys(shapes['resnet18 deep']);

/** Gives every tensor of a branch's state its numbers. The optimiser's memory stays as it is, if it is `fresh`. */
export function startOf(opened: BranchState, branch: number, { fresh }: { fresh: boolean }): BranchState {
  const counts: Record<string, number> = {};
  return Object.fromEntries(
    Object.entries(opened).map(([full, tensor]) => {
      const [group, name] = groupAndName(full);
      counts[group] ??= 0;
      const index = counts[group]++;
      if (group in MEMORY_SCALES && fresh) return [full, tensor];
      const { shape } = tensor;
      return [full, { shape, values: startingValues({ group, name, shape, index, branch }) }];
    }),
  );
}

export function groupAndName(full: string): [group: string, name: string] {
  const dot = full.indexOf('.');
  return [full.slice(0, dot), full.slice(dot + 1)];
}

interface Place {
  group: string;
  name: string;
  shape: number[];
  /** Of the tensor in its group. */
  index: number;
  branch: number;
}

function startingValues({ group, name, shape, index, branch }: Place): Float32Array {
  const own = group === 'weights' || group === 'statistics';
  const seed = 1000 * (GROUPS.indexOf(group) + 1) + index + (own ? SECOND_BRANCH * branch : 0);
  if (!(group in MEMORY_SCALES)) return hashedTensorValues(name, shape, seed);
  const values = hashedValues(seed, sizeOf(shape), MEMORY_SCALES[group]!);
  return group === 'exp_avg_sq' ? values.map(Math.abs) : values;
}

/** All streams of a step, whether or not a method reads them. */
export function batchesOf(imageSeed: number, step: number, size: Size, hasPadding: boolean): StepBatches {
  const [height, width] = size;
  const of = (number: number, count: number): Batch => ({
    count,
    height,
    width,
    channels: 3,
    images: hashedValues(imageSeed + 10_000 * number + step, count * height * width * 3),
    labels: new Uint8Array(count * height * width).fill(255),
    strong: [],
  });
  const unlabelled = (number: number, strong: number[], padded: (image: number, y: number, x: number) => boolean) => ({
    ...of(number, fixture.unlabelled),
    strong: strong.map((each) => of(each, fixture.unlabelled).images),
    ...(hasPadding && { padding: paddingWhere(padded, size) }),
  });
  return {
    labelled: { ...of(0, fixture.labelled), labels: labelsOf(step, size) },
    unlabelled: unlabelled(1, [3, 4], (image, y) => y >= height - 5 * image),
    unlabelledMix: unlabelled(2, [5, 6], (image, _, x) => x >= width - 3 * (image + 1)),
  };
}

function paddingWhere(at: (image: number, y: number, x: number) => boolean, [height, width]: Size): Uint8Array {
  const pixels = height * width;
  return Uint8Array.from({ length: fixture.unlabelled * pixels }, (_, i) =>
    Number(at(Math.floor(i / pixels), Math.floor((i % pixels) / width), i % width)),
  );
}

function labelsOf(step: number, size: Size): Uint8Array {
  const shape = [fixture.labelled, ...size];
  return hashedLabels([801 + step, 851 + step], shape, fixture.classes, (image) => fixture.ignored[image]!);
}
