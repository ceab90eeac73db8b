import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../../schema/engines.js';
import { tf } from '../../operations/tf.js';
import { startRunEngine } from '../../run-engine.js';
import { enginesUnderTest } from '../../testing/engines.js';
import { tinyConfig, tinyLoader, tinyShapes } from '../../testing/tiny.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../tracking/engine.js';
import { ratesAt } from '../schedule.js';
import type { Branches, RunEngine, StepResult } from './branches.js';
import { openBranches } from './open.js';

/** Without unlabelled images, a step is half the work, with the same operations. */
const CONFIG = tinyConfig({ method: { name: 'cps', on: 'labelled' } });

/** Trains two networks that show each other their labels, in one thread; then continues with them and with copies of them. */
async function trace(engine: RunEngine) {
  const loader = tinyLoader(CONFIG, await tinyShapes());
  const open = () => openBranches({ config: CONFIG, classes: 7, inputChannels: 3 }, { ...engine, twins: 'together' });
  const branches = await open();
  const train = async (these: Branches, step: number) =>
    these.step(step, await loader.batch(step), ratesAt(CONFIG, step));
  // The losses of a step do not reflect its own update, including momentum, so take one step more.
  const goOn = async (these: Branches) => ({
    losses: await train(these, 1),
    tensors: tf.memory().numTensors,
    states: (await these.save()).map((state) =>
      Object.entries(state).map(([key, { values }]) => [key, hashOf(values)]),
    ),
  });
  const losses = (await train(branches, 0)).map(({ parts }) => parts.supervised);
  const tensors = tf.memory().numTensors;
  const { labelled } = await loader.batch(0);
  const predicted = await branches.predict(labelled);
  const states = await branches.save();
  const next = await goOn(branches);
  await branches.dispose();

  const others = await open();
  await others.load(states);
  const again = await others.predict(labelled);
  const resumed = await goOn(others);
  await others.dispose();
  loader.close();
  return { losses, tensors, predicted, again, next, resumed };
}

/** A hash of the values, because a failed test would print thousands of numbers. */
function hashOf(values: Float32Array): string {
  return createHash('sha256').update(values).digest('hex');
}

const traces = new Map<EngineName, ReturnType<typeof trace>>();

/** The results of an engine, which are computed once. */
async function traceOn(name: EngineName) {
  const found = traces.get(name) ?? trace(await startRunEngine(name));
  traces.set(name, found);
  return found;
}

describe.each(enginesUnderTest())('two branches on %s', { timeout: 300_000 }, (name) => {
  it('learn, predict, save, load and continue bit for bit, and leak no tensors from step to step', async () => {
    const { losses, tensors, predicted, again, next, resumed } = await traceOn(name);
    expect([...losses, ...next.losses.map(({ parts }) => parts.supervised)].every(Number.isFinite)).toBe(true);
    expect([next.tensors, resumed.tensors]).toEqual([tensors, tensors]);
    expect(again.map(hashOf)).toEqual(predicted.map(hashOf));
    expect(resumed).toEqual(next);
    // Only the first step is comparable: later, labels flip where two logits are nearly equal, and the engines diverge.
    const reference = await traceOn('wasm');
    for (const branch of [0, 1]) expect(losses[branch]! / reference.losses[branch]!).toBeCloseTo(1, 4);
  });
});

/** The losses of the first step, with the networks placed according to `twins`. */
async function firstStep(engine: RunEngine, twins: RunEngine['twins']): Promise<StepResult> {
  const loader = tinyLoader(CONFIG, await tinyShapes());
  const branches = await openBranches({ config: CONFIG, classes: 7, inputChannels: 3 }, { ...engine, twins });
  try {
    return await branches.step(0, await loader.batch(0), ratesAt(CONFIG, 0));
  } finally {
    await branches.dispose();
    loader.close();
  }
}

describe.skipIf(!enginesUnderTest().includes('webgpu'))('two GPUs', { timeout: 300_000 }, () => {
  it('train one network each, in separate threads, with the same numbers as one GPU', async () => {
    // The same adapter, listed twice, stands in for two: this tests the threads, the devices and the exchange.
    const engine = await startRunEngine('webgpu', { ...DEFAULT_ENGINE_OPTIONS, adapter: '0, 0' });
    expect(engine.twins).toBe('workers');
    expect(engine.device).toContain(' and ');
    expect(await firstStep(engine, 'workers')).toEqual(await firstStep(engine, 'together'));
  });
});
