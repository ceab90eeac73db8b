import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { hasOwn } from '../operations/own-kernels.js';
import { tf } from '../operations/tf.js';
import { enginesUnderTest } from '../testing/engines.js';
import { startEngine } from './engine.js';
import { restoreRemovedUtilities, tensorflowPackage } from './tensorflow.js';

const ENGINES = enginesUnderTest();

describe('startEngine', () => {
  afterEach(() => tf.disposeVariables());

  it.each(ENGINES)('makes %s the backend and gives the reason in one line', async (name) => {
    const engine = await startEngine(name);
    expect(engine.name).toBe(name);
    expect(tf.getBackend()).toBe(name);
    expect(engine.reason).toMatch(new RegExp(`^${name}: .*requested`));
    expect(engine.reason).not.toContain('\n');
    const apart = (name === 'cpu' || name === 'wasm') && availableParallelism() >= 2;
    expect(engine.twins).toBe(apart ? 'workers' : 'together');
    expect(hasOwn('convFilterGradient')).toBe(name === 'wasm' || name === 'webgpu');
  });

  it.each(ENGINES)('can start %s twice', async (name) => {
    await startEngine(name);
    const before = tf.tensor1d([1, 2]);
    await startEngine(name);
    expect([...(await before.add(1).data())]).toEqual([2, 3]);
    before.dispose();
  });

  it('says which engine auto chose, and why no better one', async () => {
    const { name, reason } = await startEngine('auto');
    expect(reason.startsWith(`${name}: `)).toBe(true);
    expect(reason).not.toContain('\n');
    const noTensorflow = tensorflowPackage()
      ? /not tensorflow: (no CUDA GPU was found|.* failed to load: )/
      : /not tensorflow: its package is not installed/;
    if (name !== 'tensorflow') expect(reason).toMatch(noTensorflow);
    if (name === 'wasm')
      expect(reason).toMatch(/not webgpu: (this machine has no graphics device|.* is a software GPU)/);
  });

  it('refuses an unknown engine', async () => {
    await expect(startEngine('quantum' as never)).rejects.toThrow('allowed: auto, tensorflow, webgpu, wasm, cpu');
  });

  it.skipIf(tensorflowPackage())('explains how to install the tensorflow engine if it is missing', async () => {
    await expect(startEngine('tensorflow')).rejects.toThrow('npm install @tensorflow/tfjs-node-gpu');
  });

  it('restores the utilities that tfjs-node needs and Node 23 removed, and keeps existing ones', () => {
    const util: Record<string, unknown> = { isArray: 'kept' };
    restoreRemovedUtilities(util);
    const isNullOrUndefined = util.isNullOrUndefined as (value: unknown) => boolean;
    expect([null, undefined, 0, ''].map(isNullOrUndefined)).toEqual([true, true, false, false]);
    expect(util.isArray).toBe('kept');
    restoreRemovedUtilities();
    expect(createRequire(import.meta.url)('node:util').isNullOrUndefined(null)).toBe(true);
  });
});
