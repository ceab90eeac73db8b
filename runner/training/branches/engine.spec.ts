import { describe, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../engines/engine.js';
import { enginesUnderTest } from '../../engines/testing/engines.js';
import { tf } from '../../engines/tf.js';
import { ratesAt } from '../schedule.js';
import { tinyConfig, tinyLoader, tinyShapes } from '../testing/tiny.js';
import { openBranches } from './branches.js';

const STEPS = 2;

/** Trains two networks that show each other their labels, in one process. */
async function trace(engine: Engine) {
  const config = tinyConfig({ method: { name: 'cps' } });
  const loader = tinyLoader(config, await tinyShapes());
  const open = () => openBranches({ config, classes: 7 }, { ...engine, twins: 'together' });
  const branches = await open();
  const losses: number[] = [];
  const tensors: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const result = await branches.step(step, await loader.batch(step), ratesAt(config, step));
    losses.push(...result.map(({ supervised }) => supervised));
    tensors.push(tf.memory().numTensors);
  }
  const { labelled } = await loader.batch(0);
  const predicted = await branches.predict(labelled);
  const states = await branches.save();
  await branches.dispose();

  const others = await open();
  await others.load(states);
  const again = await others.predict(labelled);
  await others.dispose();
  loader.close();
  return { losses, tensors, predicted, again };
}

/** Compared at once, where a list of a thousand numbers would be printed at length. */
function bytesOf(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

describe.each(enginesUnderTest())('two branches on %s', { timeout: 300_000 }, (name) => {
  it('learn, predict, save and load, and leave no tensor from step to step', async () => {
    const { losses, tensors, predicted, again } = await trace(await startEngine(name));
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(new Set(tensors).size).toBe(1);
    expect(again.map(bytesOf)).toEqual(predicted.map(bytesOf));
    // After the first step, labels that flip where two logits are nearly equal part two engines' numbers for good.
    const reference = await trace(await startEngine('wasm'));
    for (const branch of [0, 1]) expect(losses[branch]! / reference.losses[branch]!).toBeCloseTo(1, 4);
  });
});
