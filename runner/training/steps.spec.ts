import { beforeAll, expect, it } from 'vitest';
import type { RunConfig } from '../../schema/run-config.js';
import type { Batch } from '../data/dataset.js';
import shapes from '../networks/fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import { tf } from '../operations/tf.js';
import { expectClose } from '../testing/closeness.js';
import { hashed } from '../testing/hashed.js';
import { hashedTensor, summaryAt, summaryOf } from '../testing/hashed-network.js';
import { tinyConfig, tinyEngine } from '../testing/tiny.js';
import type { BranchState, RunEngine } from './branches/branches.js';
import { openBranches } from './branches/open.js';
import fixture from './fixtures/steps.json' with { type: 'json' };
import { ratesAt } from './schedule.js';

/** Of float32 in two steps, the second of which starts from the rounded first. PyTorch's own float32 is up to 9e-4 off. */
const TOLERANCE = 2e-3;

/** Of weights: Adam's first step follows the sign of each gradient. Where one is nearly 0, rounding decides. */
const ADAM_TOLERANCE = 1e-2;

type Case = Pick<RunConfig, 'loss' | 'optimiser'> & {
  about: string;
  normalisation: RunConfig['network']['normalisation'];
  imageSeed: number;
  losses: number[];
  /** Of the gradients before clipping; empty without clipping. */
  norms: number[];
  moved: number[];
  statistics: number[];
  memory: Record<string, number[]>;
};

const SHAPES = Object.entries(shapes['resnet18 deep']);
const BUFFERS = SHAPES.filter(([name]) => /running_(mean|var)$/.test(name)).map(([name]) => name);
const VARIABLES = SHAPES.flatMap(([name]) => (BUFFERS.includes(name) ? [] : [name]));
const [COUNT, HEIGHT, WIDTH] = fixture.shape as [number, number, number];

let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
});

const valuesOf = (tensor: tf.Tensor): Float32Array => {
  const values = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
};

/** The labelled batch of a step, as in steps.py. */
function batchOf(imageSeed: number, step: number): Batch {
  const size = [COUNT, HEIGHT, WIDTH];
  const ignored = valuesOf(hashed(851 + step, size));
  const labels = Uint8Array.from(valuesOf(hashed(801 + step, size)), (draw, i) =>
    (ignored[i]! + 1) / 2 < fixture.ignored[Math.floor(i / (HEIGHT * WIDTH))]!
      ? 255
      : Math.min(fixture.classes - 1, Math.floor(((draw + 1) / 2) * fixture.classes)),
  );
  const images = valuesOf(hashed(imageSeed + step, fixture.shape));
  return { count: COUNT, height: HEIGHT, width: WIDTH, channels: 3, images, labels, strong: [] };
}

/** The hashed numbers with which the script starts, by the names of a checkpoint. */
function startOf(): BranchState {
  return Object.fromEntries(
    SHAPES.map(([name, shape], index) => [
      `${BUFFERS.includes(name) ? 'statistics' : 'weights'}.${name}`,
      { shape, values: tf.tidy(() => valuesOf(hashedTensor(name, shape, index))) },
    ]),
  );
}

it.each(fixture.cases as unknown as Case[])('training steps agree with PyTorch: $about', async (expected) => {
  const { loss, optimiser, normalisation } = expected;
  const config = tinyConfig({
    method: { name: 'supervised' },
    network: { backbone: 'resnet18', width: 0.125, normalisation },
    loss,
    optimiser: { ...optimiser, power: fixture.power },
    augmentation: { crop: [HEIGHT, WIDTH] },
    training: { iterations: fixture.iterations, batchLabelled: COUNT },
  });
  const branches = await openBranches({ config, classes: fixture.classes, inputChannels: 3 }, engine);
  const start = startOf();
  // The optimiser starts with zeros.
  await branches.load([{ ...(await branches.save())[0]!, ...start }]);
  const losses: number[] = [];
  const norms: number[] = [];
  for (const step of expected.losses.keys()) {
    const batches = { labelled: batchOf(expected.imageSeed, step), unlabelled: null, unlabelledMix: null };
    const [values] = await branches.step(step, batches, ratesAt(config, step));
    losses.push(values!.total);
    if (values!.gradientNorm !== undefined) norms.push(values!.gradientNorm);
  }
  const state = (await branches.save())[0]!;
  await branches.dispose();

  expectClose(losses, expected.losses, 'losses', TOLERANCE);
  expectClose(norms, expected.norms, 'norms of the gradients', TOLERANCE);
  const tolerance = optimiser.name === 'sgd' ? TOLERANCE : ADAM_TOLERANCE;
  const groups = new Set(Object.keys(state).map((name) => name.split('.', 1)[0]));
  expect([...groups].sort()).toEqual(['weights', 'statistics', ...Object.keys(expected.memory)].sort());
  for (const [index, name] of VARIABLES.entries()) {
    const { values } = state[`weights.${name}`]!;
    const moved = values.map((value, i) => value - start[`weights.${name}`]!.values[i]!);
    expectClose(summaryOf(moved), summaryAt(expected.moved, index), `how far ${name} moved`, tolerance);
    for (const [group, summaries] of Object.entries(expected.memory)) {
      const found = summaryOf(state[`${group}.${name}`]!.values);
      expectClose(found, summaryAt(summaries, index), `${group} of ${name}`, TOLERANCE);
    }
  }
  for (const [index, name] of BUFFERS.entries()) {
    const found = summaryOf(state[`statistics.${name}`]!.values);
    expectClose(found, summaryAt(expected.statistics, index), name, TOLERANCE);
  }
});
