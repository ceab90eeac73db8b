import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { startEngine } from './engine.js';
import { hasOwn } from './operations/own-kernels.js';
import { tf } from './tf.js';

describe('startEngine', () => {
  afterEach(() => tf.disposeVariables());

  it.each(['cpu', 'wasm'] as const)('makes %s the backend and says so in one line', async (name) => {
    const engine = await startEngine(name);
    expect(engine.name).toBe(name);
    expect(tf.getBackend()).toBe(name);
    expect(engine.reason).toMatch(new RegExp(`^${name}: .*requested`));
    expect(engine.reason).not.toContain('\n');
    expect(engine.twins).toBe(availableParallelism() >= 2 ? 'workers' : 'together');
    expect(hasOwn('convFilterGradient')).toBe(name === 'wasm');
  });

  it('starts an engine twice without harm', async () => {
    await startEngine('wasm');
    await startEngine('wasm');
    expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  });

  it('says why auto chose', async () => {
    const { name, reason } = await startEngine('auto');
    expect(reason.startsWith(`${name}: `)).toBe(true);
  });

  it('refuses what it does not have, with what to do', async () => {
    await expect(startEngine('webgpu')).rejects.toThrow('use tensorflow, wasm or cpu');
    await expect(startEngine('quantum' as never)).rejects.toThrow('allowed: auto, tensorflow, webgpu, wasm, cpu');
  });

  it('explains how to install the tensorflow engine where it is absent', async () => {
    await expect(startEngine('tensorflow')).rejects.toThrow('npm install @tensorflow/tfjs-node-gpu');
  });
});
