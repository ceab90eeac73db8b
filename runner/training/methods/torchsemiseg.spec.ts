import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MethodConfig } from '../../../schema/run-config.js';
import type { Batch } from '../../data/dataset.js';
import shapes from '../../networks/fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { hashed } from '../../testing/hashed.js';
import { tinyConfig, tinyEngine } from '../../testing/tiny.js';
import type { BranchState, RunEngine, SavedTensor } from '../branches/branches.js';
import { openBranches } from '../branches/open.js';
import { ratesAt } from '../schedule.js';
import fixture from './fixtures/torchsemiseg.json' with { type: 'json' };

/** As in torchsemiseg.py. */
const FIRST_SEEDS = [1, 1001] as const;
const SCALES = { momentum: [5000, 0.01], exp_avg: [6000, 0.01], exp_avg_sq: [7000, 1e-3] } as const;
const FIRST_PART = 4000;

type Stem = '7x7' | 'deep';

/** The names of a network's tensors, in the order of their seeds. */
const namesOf = (stem: Stem) => Object.keys(shapes[`resnet18 ${stem}`]);

/** The rounding of float32 against PyTorch's float64, in losses and running statistics. */
const TOLERANCE = 1e-4;

/**
 * The same in gradients and in changes of the weights, which are much smaller than the weights. GCT compares two maps at
 * every pixel: where they are nearly equal, rounding determines the result.
 */
const changeTolerance = ({ name }: MethodConfig) => (name === 'gct' ? 5e-3 : 5e-4);

interface Case {
  method: MethodConfig;
  size: [height: number, width: number];
  /** Of the second network. */
  secondStem: Stem;
  imageSeed: number;
  branches: { total: number; parts: Record<string, number>; tensors: number[][] }[];
}

let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
});
afterAll(() => tf.disposeVariables());

describe('one training step agrees with PyTorch, by default and as the authors of CPS train it', () => {
  it.each(fixture.cases as unknown as Case[])(
    '$method, second stem $secondStem',
    async ({ method, size, secondStem, imageSeed, branches: expected }) => {
      const { classes, width, labelled, unlabelled, seed, step, iterations, optimiser } = fixture;
      const config = tinyConfig({
        method,
        network: { backbone: 'resnet18', width, second: secondStem === 'deep' ? null : { stem: secondStem } },
        optimiser,
        augmentation: { crop: size },
        training: { iterations, batchLabelled: labelled, batchUnlabelled: unlabelled },
        seed,
      });
      const branches = await openBranches({ config, classes, inputChannels: 3 }, engine);
      const before = (await branches.save()).map((state, i) =>
        hashedState(state, FIRST_SEEDS[i]!, i === 0 ? 'deep' : secondStem),
      );
      await branches.load(before);
      const batches = {
        labelled: { ...batch(imageSeed, labelled, size), labels: labels([labelled, ...size]) },
        unlabelled: {
          ...batch(imageSeed + 5000, unlabelled, size),
          strong: [batch(imageSeed + 7000, unlabelled, size).images],
        },
        unlabelledMix: null,
      };
      const losses = await branches.step(step, batches, ratesAt(config, step));
      const states = await branches.save();
      await branches.dispose();
      expect(losses).toHaveLength(expected.length);
      for (const [i, { total, parts, tensors }] of expected.entries()) {
        const { total: sum, parts: found } = losses[i]!;
        const of = (what: string) => `branch ${i + 1}, ${what}`;
        expect(Object.keys(found).toSorted()).toEqual(Object.keys(parts).toSorted());
        for (const [name, value] of Object.entries(parts)) expectClose([found[name]!], [value], of(name), TOLERANCE);
        expectClose([sum], [total], of('total'), TOLERANCE);
        const saved = inOrder(states[i]!);
        expect(saved).toHaveLength(tensors.length);
        for (const [index, [name, { values }]] of saved.entries()) {
          const [group] = parted(name);
          const start = group.endsWith('weights') ? before[i]![name]!.values : null;
          const changed = start ? values.map((value, at) => value - start[at]!) : values;
          const tolerance = group === 'statistics' ? TOLERANCE : changeTolerance(method);
          expectClose(summary(changed), tensors[index]!, of(name), tolerance);
        }
      }
    },
  );
});

/** Fills every tensor as torchsemiseg.py does. */
function hashedState(state: BranchState, firstSeed: number, stem: Stem): BranchState {
  const names = namesOf(stem);
  const counts: Record<string, number> = {};
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape }]) => {
      const [group, tensor] = parted(name);
      counts[group] ??= 0;
      const index = counts[group]++;
      const seed = group === 'part_weights' ? FIRST_PART + index : firstSeed + names.indexOf(tensor);
      return [name, { shape, values: valuesOf(group, tensor, shape, index, seed) }];
    }),
  );
}

function valuesOf(group: string, name: string, shape: number[], index: number, seed: number): Float32Array {
  const drawn = (seed: number, scale: number) => values(seed, shape, scale);
  if (group in SCALES) {
    const [first, scale] = SCALES[group as keyof typeof SCALES];
    return group === 'exp_avg_sq' ? drawn(first + index, scale).map(Math.abs) : drawn(first + index, scale);
  }
  if (name.endsWith('running_mean')) return drawn(seed, 0.1);
  if (name.endsWith('running_var')) return drawn(seed, 0.5).map((value) => value + 1);
  if (shape.length === 4) return drawn(seed, Math.sqrt(6 / (shape[0]! * shape[1]! * shape[2]!)));
  return drawn(seed, 0.3).map((value) => value + (name.endsWith('.weight') ? 1 : 0));
}

/** Hashed values, without a tensor. */
function values(seed: number, shape: number[], scale = 1): Float32Array {
  const tensor = hashed(seed, shape, scale);
  const found = tensor.dataSync<'float32'>();
  tensor.dispose();
  return found;
}

/** The group and the name of a tensor in a saved state. */
function parted(name: string): [group: string, name: string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

/** The tensors of a state in the order of the fixture. */
function inOrder(state: BranchState): [string, SavedTensor][] {
  const groups = ['weights', 'statistics', 'momentum', 'exp_avg', 'exp_avg_sq', 'part_weights'];
  return groups.flatMap((group) => Object.entries(state).filter(([name]) => parted(name)[0] === group));
}

function batch(seed: number, count: number, [height, width]: [number, number]): Batch {
  const images = values(seed, [count, height, width, 3]);
  return { count, height, width, channels: 3, images, labels: new Uint8Array(0), strong: [] };
}

function labels(size: number[]): Uint8Array {
  const draws = values(801, size);
  const ignored = values(802, size);
  return Uint8Array.from(draws, (draw, i) =>
    (ignored[i]! + 1) / 2 < 0.2 ? 255 : Math.min(fixture.classes - 1, Math.floor(((draw + 1) / 2) * fixture.classes)),
  );
}

/** As in the script: the norm, and dot products with two hashed directions. */
function summary(tensor: Float32Array): number[] {
  const directions = [901, 902].map((seed) => values(seed, [tensor.length]));
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return [Math.sqrt(product(tensor, tensor)), ...directions.map((direction) => product(tensor, direction))];
}
