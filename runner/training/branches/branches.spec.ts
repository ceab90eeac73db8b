import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MethodConfig, RunConfigInput } from '../../../schema/run-config.js';
import type { Dataset } from '../../data/dataset.js';
import { tinyConfig, tinyEngine, tinyLoader, tinyShapes } from '../../testing/tiny.js';
import { differing, METHODS, STEPS, traceOf as traced, UNLIKE, variant } from '../../testing/traces.js';
import { ratesAt } from '../schedule.js';
import type { BranchState, RunEngine, StepResult } from './branches.js';
import { createExchange } from './exchange.js';
import { openBranches } from './open.js';
import { BranchThread, openWorkers } from './workers.js';

let dataset: Dataset;

beforeAll(async () => {
  wasm = await tinyEngine();
  dataset = await tinyShapes();
});

/** The methods, and some whose steps differ from what is the default. */
const VARIANTS = [
  ...METHODS,
  variant('cct', 'perturbed after the decoder', { features: 'decoder', annealed: true }),
  variant('gct', 'in turn', { updates: 'in_turn', detectorSchedule: 'constant', flawMaps: 'original' }),
  variant(
    'cps',
    'clipped, with AdamW',
    {},
    { optimiser: { name: 'adamw', learningRate: 1e-3, warmUp: 2, clipNorm: 0.5 } },
  ),
  ...['cps', 'gct'].map((method) => variant(method, 'on networks that differ', {}, { network: UNLIKE })),
];
/** An engine with both networks in one thread. */
let wasm: RunEngine;

const traces = new Map<string, ReturnType<typeof traced>>();

/** The trace of networks in one thread. It does not depend on what ran before, so each is taken once. */
function traceOf(changes: Partial<RunConfigInput>): ReturnType<typeof traced> {
  const key = JSON.stringify(changes);
  const trace = traces.get(key) ?? traced(changes, { engine: wasm, dataset });
  traces.set(key, trace);
  return trace;
}

function trace(method: Partial<MethodConfig>) {
  return traceOf({ method: method as MethodConfig });
}

function traceFrom(start: BranchState[], method: Partial<MethodConfig>) {
  return traced({ method: method as MethodConfig }, { engine: wasm, dataset, start });
}

/** The initial states of the two networks, the same for every method. */
async function firstStates(): Promise<BranchState[]> {
  const config = tinyConfig({ method: { name: 'cps' } });
  const branches = await openBranches({ config, classes: 7, inputChannels: 3 }, wasm);
  const states = await branches.save();
  await branches.dispose();
  return states;
}

const hash = (values: Float32Array) => createHash('sha256').update(Buffer.from(values.buffer)).digest('hex');

/** The weights of the method's own layers in each branch, with Adam's state for them. */
function partsOf(states: BranchState[]): BranchState[] {
  return states.map((state) =>
    Object.fromEntries(Object.entries(state).filter(([name]) => /^(part_weights|exp_avg|exp_avg_sq)\./.test(name))),
  );
}

describe('branches', { timeout: 120_000 }, () => {
  it.each(VARIANTS)('give the same numbers in worker threads as in one thread: $name', async ({ changes }) => {
    const together = await traceOf(changes);
    const apart = await traced(changes, { engine: wasm, dataset, twins: 'workers' });
    expect(apart.losses).toEqual(together.losses);
    expect(differing(apart.state, together.state)).toEqual([]);
    expect(apart.probabilities.map(hash)).toEqual(together.probabilities.map(hash));
  });

  it('learn nothing from each other at weight 0: the numbers equal supervised training of each network', async () => {
    const crossed = await trace({ name: 'cps', weight: 0 });
    for (const [index, start] of (await firstStates()).entries()) {
      const alone = await traceFrom([start], { name: 'supervised' });
      const supervised = (losses: StepResult[], of: number) => losses.map((step) => step[of]!.parts.supervised);
      expect(supervised(crossed.losses, index)).toEqual(supervised(alone.losses, 0));
      const weights = differing(alone.state, [crossed.state[index]!]).filter((name) => !name.includes('/statistics.'));
      expect(weights).toEqual([]);
    }
  });

  it('are symmetric: swapping the networks swaps their losses and what they learn', async () => {
    const states = await firstStates();
    const straight = await traceFrom(states, { name: 'cps' });
    const turned = await traceFrom(states.toReversed(), { name: 'cps' });
    expect(turned.losses.map((step) => step.toReversed())).toEqual(straight.losses);
    expect(differing(turned.state.toReversed(), straight.state)).toEqual([]);
    expect(differing(turned.state, straight.state)).not.toEqual([]);
  });

  it('of CPS + CutMix with empty masks train as those of CPS on unlabelled images', async () => {
    // A box of this share has no pixels, so nothing of the second image is pasted.
    const empty = await trace({ name: 'cps_cutmix', weight: 1.5, areaShare: [1e-9, 1e-9] });
    const plain = await trace({ name: 'cps', on: 'unlabelled' });
    expect(empty.losses).toEqual(plain.losses);
    const mixed = await trace({ name: 'cps_cutmix', weight: 1.5 });
    expect(mixed.losses).not.toEqual(plain.losses);
  });

  it('start from different weights and learn from each other', async () => {
    const { losses, state } = await trace({ name: 'cps' });
    expect(losses[0]![0]!.parts.cross).not.toBe(losses[0]![1]!.parts.cross);
    expect(differing([state[0]!], [state[1]!])).not.toEqual([]);
    expect(losses.every(([first]) => first!.shares.agreement! >= 0 && first!.shares.agreement! <= 1)).toBe(true);
    const unaware = await trace({ name: 'cps', weight: 0 });
    expect(losses.at(-1)).not.toEqual(unaware.losses.at(-1));
  });

  it.each(VARIANTS.filter(({ name }) => name.startsWith('gct')))(
    'have copies of one flaw detector, which learn and stay equal: $name',
    async ({ changes }) => {
      const config = tinyConfig(changes);
      const untrained = await openBranches({ config, classes: 7, inputChannels: 3 }, wasm);
      const before = partsOf(await untrained.save());
      await untrained.dispose();
      const after = partsOf((await traceOf(changes)).state);
      expect(Object.keys(before[0]!).length).toBe(3 * 23);
      expect(differing([before[0]!], [before[1]!])).toEqual([]);
      expect(differing([after[0]!], [after[1]!])).toEqual([]);
      const moved = differing([before[0]!], [after[0]!]);
      expect(moved.filter((name) => name.endsWith('classifier.weight')).length).toBe(3);
      expect(moved.filter((name) => name.includes('/part_weights.'))).toHaveLength(23);
    },
  );

  it.each(VARIANTS)('leak no tensors from step to step: $name', async ({ changes }) => {
    const { tensors } = await traceOf(changes);
    expect(tensors).toEqual(new Array(STEPS).fill(tensors[0]));
  });

  it.each(METHODS)('train on crops of odd sides: $name', async ({ changes }) => {
    const crop: [number, number] = changes.method!.name === 'gct' ? [65, 71] : [33, 41];
    const options = { engine: wasm, dataset, steps: 2 };
    const { losses, probabilities } = await traced({ ...changes, augmentation: { crop } }, options);
    expect(losses.flat().every(({ total }) => Number.isFinite(total))).toBe(true);
    expect(probabilities[0]!.length).toBe(2 * crop[0] * crop[1] * dataset.descriptor.classes.length);
  });

  it('refuse a state that does not fit, and name the tensor', async () => {
    const config = tinyConfig({ method: { name: 'supervised' } });
    const branches = await openBranches({ config, classes: 7, inputChannels: 3 }, wasm);
    const [state] = await branches.save();
    const [name] = Object.keys(state!);
    await expect(branches.load([{ ...state, [name!]: { shape: [1], values: new Float32Array(1) } }])).rejects.toThrow(
      `tensor "${name}" has shape [1]`,
    );
    await expect(branches.load([])).rejects.toThrow(`tensor "${name}" is missing`);
    await branches.dispose();
  });
});

describe('branches in threads', { timeout: 120_000 }, () => {
  it('report the memory of each engine, which is no more after three steps than after one', async () => {
    const config = tinyConfig({ method: { name: 'cps' } });
    const loader = tinyLoader(config, dataset);
    const branches = await openBranches({ config, classes: 7, inputChannels: 3 }, { ...wasm, twins: 'workers' });
    const held: number[][] = [];
    for (let step = 0; step < 3; step++) {
      await branches.step(step, await loader.batch(step), ratesAt(config, step));
      held.push((await branches.memory()).map(({ tensors }) => tensors));
    }
    const memory = await branches.memory();
    await branches.dispose();
    loader.close();
    expect(held).toEqual([held[0], held[0], held[0]]);
    expect(held[0]).toHaveLength(2);
    for (const { heapBytes, tensorBytes, scriptBytes } of memory) {
      expect(heapBytes).toBeGreaterThan(tensorBytes);
      expect(tensorBytes).toBeGreaterThan(2 * 4 * branches.parameters[0]!);
      expect(scriptBytes).toBeGreaterThan(0);
    }
  });

  it('report the error of the thread that failed, with its cause', async () => {
    const config = tinyConfig({ method: { name: 'cps' } });
    const large = tinyConfig({ method: { name: 'cps' }, training: { batchLabelled: 4, batchUnlabelled: 4 } });
    const branches = await openWorkers({ config, classes: 7, inputChannels: 3 }, wasm);
    const batches = await tinyLoader(large, dataset).batch(0);
    const failure = await branches.step(0, batches, ratesAt(config, 0)).catch((error: Error) => error);
    await branches.dispose();
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(
      /^branch [12]: a map of 8192 values does not fit into an exchange of 4096/,
    );
    expect(((failure as Error).cause as Error).stack).toContain('exchange');
  });

  it('refuse every request after the thread has ended, even between requests, and say why', async () => {
    const config = tinyConfig({ method: { name: 'supervised' } });
    const thread = new BranchThread(wasm.branchThread, {
      options: { config, classes: 7, inputChannels: 3 },
      engine: { name: 'wasm', options: wasm.options },
      threads: 1,
      branch: 1,
      exchange: createExchange(0),
    });
    await thread.ready;
    // Ended between two requests, while nothing is waiting for an answer.
    await thread.stop();
    for (const request of ['save', 'memory'] as const) {
      await expect(thread.ask(request)).rejects.toThrow("branch 1's thread ended with exit code 1");
    }
  });

  it('release a waiting branch when the other one fails or its thread ends', async () => {
    const config = tinyConfig({ method: { name: 'cps' } });
    const batches = await tinyLoader(config, dataset).batch(0);
    for (const end of ['fails', 'exits'] as const) {
      const exchange = createExchange(4096);
      const start = (branch: 1 | 2, classes: number) =>
        new BranchThread(wasm.branchThread, {
          options: { config, classes, inputChannels: 3 },
          engine: { name: 'wasm', options: wasm.options },
          threads: 1,
          branch,
          exchange,
        });
      const first = start(1, 7);
      const second = start(2, 7);
      await Promise.all([first.ready, second.ready]);
      const waits = first
        .ask('step', { step: 0, batches, rates: ratesAt(config, 0), watch: false })
        .catch((error) => error);
      if (end === 'fails') await expect(second.ask('load', {})).rejects.toThrow('is missing');
      else await second.stop();
      expect(((await waits) as Error).cause).toMatchObject({ name: 'OtherBranchGone' });
      await Promise.all([first.stop(), second.stop()]);
    }
  });
});
