import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readValues } from '../../operations/read-back.js';
import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { enginesUnderTest } from '../../testing/engines.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../tracking/engine.js';
import { startEngine } from '../engine.js';
import { describeFault } from './faults.js';

describe.skipIf(!enginesUnderTest().includes('webgpu'))('the webgpu engine', () => {
  const device = () => (tf.backend() as WebGPUBackend).device;
  const double = () => tf.mul(tf.range(0, 2000), 2);

  beforeEach(async () => {
    await startEngine('webgpu');
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => tf.disposeVariables());

  it('computes on the named adapter, and lists the available ones if there is no such adapter', async () => {
    const all = { ...DEFAULT_ENGINE_OPTIONS };
    const first = await startEngine('webgpu', { ...all, adapter: '0' });
    expect((await readValues(double())).at(-1)).toBe(3998);
    const name = first.device.replace(/ \([^()]*\)$/, '');
    expect((await startEngine('webgpu', { ...all, adapter: name.toUpperCase() })).device).toBe(first.device);
    await expect(startEngine('webgpu', { ...all, adapter: 'abacus' })).rejects.toThrow(`available: 0: ${name}`);
  });

  it('computes on a software GPU only if it is requested by name, except in tests', async ({ skip }) => {
    const { device } = await startEngine('webgpu');
    if (!device.endsWith(', software)')) skip('this machine has a GPU');
    vi.stubEnv('CROSSCHECK_TEST_SOFTWARE_GPU', undefined);
    await expect(startEngine('webgpu')).rejects.toThrow('is a software GPU; make sure that');
    const adapter = device.split(' ')[0]!;
    expect((await startEngine('webgpu', { ...DEFAULT_ENGINE_OPTIONS, adapter })).device).toBe(device);
  });

  it('fails at the next read, with the cause, after the device was lost, and works after a restart', async () => {
    device().destroy();
    await device().lost;
    await expect(readValues(double())).rejects.toThrow('the GPU device was lost (destroyed: ');
    await startEngine('webgpu');
    expect((await readValues(double())).at(-1)).toBe(3998);
  });

  it('fails at the next read after the GPU rejected a command with no result to await', async () => {
    const buffer = device().createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE });
    const layout = device().createBindGroupLayout({ entries: [] });
    device().createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] });
    await expect(readValues(double())).rejects.toThrow('the GPU rejected a command');
  });

  it('says what to do about a tensor that is too large, and when it is out of memory', async () => {
    const tooLarge = 2 * device().limits.maxBufferSize;
    device().createBuffer({ size: tooLarge, usage: GPUBufferUsage.STORAGE });
    await expect(readValues(double())).rejects.toThrow(/larger than this GPU allows .*use a smaller batch/);
    const full = new GPUOutOfMemoryError('Allocation failed\n  at vkAllocateMemory');
    expect(describeFault(full).message).toMatch(/^the GPU is out of memory \(Allocation failed\); use a smaller batch/);
  });
});
