import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../schema/run-config.js';
import { compiledFile } from '../compiled/compiled-file.js';
import type { OpenDataset } from '../data/dataset.js';
import { hasNativeKernels } from '../kernels/wasm/native-kernels.js';
import { startRunEngine } from '../run-engine.js';
import { tinyConfig, tinyEngine, tinyLoader, tinyMethods, tinyRun, tinyShapes } from '../testing/tiny.js';
import { DEFAULT_ENGINE_OPTIONS } from '../tracking/engine.js';
import type { RunEngine, StepResult } from './branches/branches.js';
import { openBranches } from './branches/open.js';
import { ratesAt } from './schedule.js';

/**
 * Every method, trained for a few steps, gives the numbers that were recorded, digit for digit. A change that moves one of them
 * changes what stored configurations train. The digits of a new method are recorded by
 * `CROSSCHECK_RECORD_GOLDEN=1 npx vitest run --project runner runner/training/golden.spec.ts`, on each version of Node. Those
 * that are already there stay: delete them first if a change is meant to move them.
 *
 * Each set of kernels has its own digits, in fixtures/golden. Those of `cpu` and of the AssemblyScript kernels are the same on every
 * machine (with relaxed SIMD: on every processor that multiplies and adds in one instruction). Those of the native kernels depend on
 * the processor's instruction set, whose name is part of the file's, and on the compiler, which the file names. Where these
 * digits were not recorded, the first losses must be close to those of the AssemblyScript kernels.
 */
const FOLDER = join(import.meta.dirname, 'fixtures', 'golden');
const PORTABLE = 'wasm-simd';

/** Relative. Later losses differ more between sets: where two logits are nearly equal, rounding can change a label. */
const TOLERANCE = 1e-4;

/** The second one shows the update of the first, and is the first of self-training's second round. */
const STEPS = 2;

type Digits = Record<string, string>;
type Golden = Record<string, Digits>;
type Runs = readonly (readonly [string, Partial<RunConfigInput>])[];

/** All methods, and what else changes how a run learns. */
const ALL: Runs = [
  ...tinyMethods().map((changes) => [changes.method!.name as string, changes] as const),
  ['hard pixels of each image', { method: { name: 'supervised' }, loss: { name: 'ohem', imagesPerGroup: 1 } }],
  ['Adam', { method: { name: 'cps' }, optimiser: { name: 'adam', learningRate: 1e-3, headFactor: 2 } }],
];

let dataset: OpenDataset;

beforeAll(async () => {
  const shapes = await tinyShapes();
  dataset = { ...shapes, ids: (subset) => shapes.ids(subset).slice(0, subset === 'TRAIN' ? 512 : 1) };
});

afterAll(async () => {
  // The specs that follow in this process use the default engine.
  await tinyEngine();
});

/** Of a few steps: the losses of all networks as they are, and hashes of what else the steps return and of the final state. */
async function digitsOfSteps(changes: Partial<RunConfigInput>, engine: RunEngine): Promise<Digits> {
  const config = tinyConfig({ ...changes, training: { iterations: STEPS } });
  const loader = tinyLoader(config, dataset);
  const shape = { config, classes: dataset.descriptor.classes.length, inputChannels: 3 } as const;
  const branches = await openBranches(shape, { ...engine, twins: 'together' });
  const results: StepResult = [];
  for (let step = 0; step < STEPS; step++) {
    results.push(...(await branches.step(step, await loader.batch(step), ratesAt(config, step), true)));
  }
  const state = createHash('sha256');
  for (const each of await branches.save()) {
    for (const [name, { values }] of Object.entries(each)) state.update(name).update(values);
  }
  await branches.dispose();
  await loader.close();
  const losses = results.map(({ total }) => total).join(' ');
  const returned = results.map(({ total, parts, shares, pseudoLabels = [] }) => [
    { total, parts, shares },
    Buffer.from(pseudoLabels).toString('hex'),
  ]);
  return { losses, returned: hashOf(returned), state: state.digest('hex') };
}

/** Of a whole run: its losses as they are, and a hash of its points, confusion matrices and pseudo-labels. */
async function digitsOfRun(engine: RunEngine): Promise<Digits> {
  const changes = { method: { name: 'cps_cutmix' }, training: { iterations: STEPS, evaluateEvery: 1 } } as const;
  const { end, tracker } = await tinyRun(changes, { on: dataset, engine: { ...engine, twins: 'together' } });
  expect(end).toEqual({ outcome: 'completed' });
  const evaluations = tracker.all('evaluation').map(({ confidences: _, ...counted }) => counted);
  const reports = [tracker.numbers(), evaluations, tracker.all('pseudoLabels')];
  return { losses: tracker.series('loss').join(' '), reports: hashOf(reports) };
}

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** What compiled the native kernels, as the compiler has written into them. */
function compilerOfKernels(): string {
  const text = readFileSync(compiledFile('../kernels/wasm/kernels.node', import.meta.url)).toString('latin1');
  return /(?:GCC: \([^)]*\) [\d.]+|clang version [\d.]+)/.exec(text)?.[0] ?? 'unknown';
}

const read = (set: string) => JSON.parse(readFileSync(fileOf(set), 'utf8')) as Golden;
const fileOf = (set: string) => join(FOLDER, `${set}.json`);

/** The name of the set of kernels that an engine computes with. */
function setOf({ name, reason }: RunEngine): string {
  if (name !== 'wasm') return name;
  const native = /native kernels \(([^,]+),/.exec(reason)?.[1];
  if (native) return `native-${native.toLowerCase()}`;
  return reason.includes('relaxed') ? 'wasm-relaxed-simd' : PORTABLE;
}

describe('every method gives the recorded digits', () => {
  it('with the AssemblyScript kernels', async () => {
    const engine = await startRunEngine('wasm', { ...DEFAULT_ENGINE_OPTIONS, kernels: 'simd' }, 1);
    expectRecorded(engine, { ...(await digitsOf(ALL, engine)), 'a whole run': await digitsOfRun(engine) });
  });

  it.skipIf(!hasNativeKernels() && process.env.CI !== 'true')('with the native kernels', async () => {
    const engine = await startRunEngine('wasm', { ...DEFAULT_ENGINE_OPTIONS, kernels: 'native' }, 1);
    expectRecorded(engine, { platform: { compiler: compilerOfKernels() }, ...(await digitsOf(ALL, engine)) });
  });

  // A step takes a second there. All methods use the same operations.
  it('on the cpu engine', async () => {
    const engine = await startRunEngine('cpu', DEFAULT_ENGINE_OPTIONS, 1);
    expectRecorded(engine, await digitsOf(ALL.slice(0, 1), engine));
  });

  async function digitsOf(runs: Runs, engine: RunEngine): Promise<Golden> {
    const digits: Golden = {};
    for (const [name, changes] of runs) digits[name] = await digitsOfSteps(changes, engine);
    return digits;
  }

  function expectRecorded(engine: RunEngine, { platform, ...digits }: Golden): void {
    const set = setOf(engine);
    const found = { ...(platform && { platform }), ...digits };
    const known = existsSync(fileOf(set)) ? read(set) : null;
    const isComparable = known?.platform?.compiler === platform?.compiler;
    if (process.env.CROSSCHECK_RECORD_GOLDEN && (!known || isComparable)) {
      writeFileSync(fileOf(set), `${JSON.stringify({ ...found, ...known }, null, 2)}\n`);
    }
    if (known && isComparable) {
      expect(found).toEqual(read(set));
      return;
    }
    const recorded = read(PORTABLE);
    for (const [name, { losses }] of Object.entries(digits)) {
      const [first, expected] = [losses, recorded[name]!.losses].map((text) => Number(text!.split(' ')[0]));
      expect(Math.abs(first! / expected! - 1), `${name} with ${set}`).toBeLessThan(TOLERANCE);
    }
  }
});
