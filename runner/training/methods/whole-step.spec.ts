import { beforeAll, describe, expect, it } from 'vitest';
import type { MethodConfig } from '../../../schema/run-config.js';
import type { Batch, StepBatches } from '../../data/dataset.js';
import networkShapes from '../../networks/fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import { expectClose } from '../../testing/closeness.js';
import { hashed } from '../../testing/hashed.js';
import { tinyConfig, tinyEngine } from '../../testing/tiny.js';
import { Branch } from '../branches/branch.js';
import type { BranchState } from '../branches/branches.js';
import { gradientStep } from '../branches/gradient-step.js';
import { ratesAt } from '../schedule.js';
import fixture from './fixtures/whole_steps.json' with { type: 'json' };
import { createMethod } from './registry.js';

/** As in whole_step.py. */
const [CLASSES, HEIGHT, WIDTH] = [5, 48, 32];
const [LABELLED, UNLABELLED] = [3, 4];
const [TEACHER, MEMORY] = [300, 600];
const SHAPES = Object.entries(networkShapes['resnet18 deep']);

/**
 * Of losses, and of groups of tensors. PyTorch's own float32 differs from its float64 by up to a tenth of the first, and up to
 * 1e-4 in gradients. An update is in addition the difference of two float32 values that can be a thousand times as large.
 */
const TOLERANCE = 3e-5;
const TOLERANCES: Record<string, number> = { momentum: 5e-4, update: 1e-3 };

const cases = fixture.cases as unknown as {
  method: MethodConfig;
  imageSeed: number;
  total: number;
  parts: Record<string, number>;
  shares: Record<string, number>;
  /** Three numbers for each tensor of a group: its norm, and dot products with two hashed directions. */
  state: Record<string, number[]>;
}[];

const values = (seed: number, shape: number[], scale = 1) => hashed(seed, shape, scale).dataSync<'float32'>().slice();

/** The same numbers as in the script for every tensor that a run keeps. */
function startingState(names: readonly string[]): BranchState {
  const entries = names.map((full) => {
    const [, group, name] = /^(\w+)\.(.*)$/.exec(full)!;
    const index = SHAPES.findIndex(([each]) => each === name);
    const shape = SHAPES[index]![1];
    const start = index + (group!.startsWith('teacher_') ? TEACHER : 0) + 1;
    if (group === 'momentum') return [full, { shape, values: values(MEMORY + index, shape, 0.01) }];
    return [full, { shape, values: startingValues(name!, start, shape) }];
  });
  return Object.fromEntries(entries);
}

function startingValues(name: string, seed: number, shape: number[]): Float32Array {
  if (name.endsWith('running_mean')) return values(seed, shape, 0.1);
  if (name.endsWith('running_var')) return values(seed, shape, 0.5).map((value) => value + 1);
  if (shape.length === 4) return values(seed, shape, Math.sqrt(6 / (shape[0]! * shape[1]! * shape[2]!)));
  return values(seed, shape, 0.3).map((value) => value + (name.endsWith('.weight') ? 1 : 0));
}

function batchesFrom(seed: number, hasPadding: boolean): StepBatches {
  const padded = (at: (i: number, y: number, x: number) => boolean) =>
    hasPadding ? { padding: paddingWhere(at) } : {};
  const of = (number: number, count: number): Batch => ({
    count,
    height: HEIGHT,
    width: WIDTH,
    channels: 3,
    images: values(seed + 10_000 * number, [count, HEIGHT, WIDTH, 3]),
    labels: new Uint8Array(count * HEIGHT * WIDTH).fill(255),
    strong: [],
  });
  const strong = (...numbers: number[]) => numbers.map((number) => of(number, UNLABELLED).images);
  return {
    labelled: { ...of(0, LABELLED), labels: exampleLabels() },
    unlabelled: { ...of(1, UNLABELLED), strong: strong(3, 4), ...padded((i, y) => y >= HEIGHT - 5 * i) },
    unlabelledMix: { ...of(2, UNLABELLED), strong: strong(5, 6), ...padded((i, _, x) => x >= WIDTH - 3 * (i + 1)) },
  };
}

function paddingWhere(at: (image: number, y: number, x: number) => boolean): Uint8Array {
  const size = HEIGHT * WIDTH;
  return Uint8Array.from({ length: UNLABELLED * size }, (_, i) =>
    Number(at(Math.floor(i / size), Math.floor((i % size) / WIDTH), i % WIDTH)),
  );
}

function exampleLabels(): Uint8Array {
  const draws = values(801, [LABELLED, HEIGHT, WIDTH]);
  const ignored = values(802, [LABELLED, HEIGHT, WIDTH]);
  return Uint8Array.from(draws, (draw, i) =>
    (ignored[i]! + 1) / 2 < 0.2 ? 255 : Math.min(CLASSES - 1, Math.floor(((draw + 1) / 2) * CLASSES)),
  );
}

/** As in the script: the norm, and dot products with two hashed directions. */
function summary(tensor: Float32Array): number[] {
  const directions = [901, 902].map((seed) => values(seed, [tensor.length]));
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return [Math.sqrt(product(tensor, tensor)), ...directions.map((direction) => product(tensor, direction))];
}

it.each([
  ['a whole image, if the run evaluates whole images', true],
  ['windows of the size of the crop by default, which differ', false],
])('predicts %s, as PyTorch does', async (_, evaluateWhole) => {
  await tinyEngine();
  const { size, probabilities } = fixture.evaluated;
  const [height, width] = size as [number, number];
  const config = tinyConfig({
    network: { width: 0.125 },
    augmentation: { crop: [32, 32] },
    training: { evaluateWhole },
    method: { name: 'supervised' },
  });
  const branch = new Branch(1, createMethod(config.method), { config, classes: CLASSES, inputChannels: 3 });
  branch.load(startingState(Object.keys(await branch.save())));
  const found = await branch.predict({ count: 2, height, width, channels: 3, images: values(1, [2, ...size, 3]) });
  branch.dispose();
  const check = () => expectClose(summary(found), probabilities, 'probabilities', TOLERANCE);
  if (evaluateWhole) check();
  else expect(check).toThrow('relative error');
});

describe('a whole training step agrees with PyTorch', () => {
  beforeAll(async () => {
    await tinyEngine();
  });

  it.each(cases)('$method.name: $method', async ({ method: settings, imageSeed, total, parts, shares, state }) => {
    const config = tinyConfig({
      method: settings,
      network: { width: 0.125 },
      augmentation: { crop: [64, 64] },
      optimiser: { learningRate: 0.1, momentum: 0.9, weightDecay: 1e-2, power: 0.9 },
      training: { iterations: fixture.iterations },
      seed: fixture.seed,
    });
    const method = createMethod(config.method);
    const branch = new Branch(1, method, { config, classes: CLASSES, inputChannels: 3 });
    const before = startingState(Object.keys(await branch.save()));
    branch.load(before);
    const step = { step: fixture.step, batches: batchesFrom(imageSeed, method.streams.padding ?? false), watch: false };
    const rates = ratesAt(config, fixture.step);
    const [losses] = await gradientStep(method, [branch], { ...step, rates }, (shown) => shown);
    const after = await branch.save();
    branch.dispose();

    expectClose([losses!.total], [total], 'total', TOLERANCE);
    for (const [kind, found, expected] of [
      ['part', losses!.parts, parts],
      ['share', losses!.shares, shares],
    ] as const) {
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [name, value] of Object.entries(expected))
        expectClose([found[name]!], [value], `${kind} ${name}`, TOLERANCE);
    }
    const groups = [...new Set(Object.keys(after).map((name) => name.split('.')[0]!))];
    expect(groups.map((group) => (group === 'weights' ? 'update' : group)).sort()).toEqual(Object.keys(state).sort());
    for (const [group, expected] of Object.entries(state)) {
      const of = group === 'update' ? 'weights.' : `${group}.`;
      const tolerance = TOLERANCES[group] ?? TOLERANCE;
      const names = SHAPES.map(([name]) => of + name).filter((name) => after[name]);
      expect(expected).toHaveLength(3 * names.length);
      for (const [i, name] of names.entries()) {
        const { values: start } = before[name]!;
        const found = after[name]!.values.map((value, at) => value - (group === 'update' ? start[at]! : 0));
        expectClose(summary(found), expected.slice(3 * i, 3 * i + 3), `${group} of ${name}`, tolerance);
      }
    }
  });
});
