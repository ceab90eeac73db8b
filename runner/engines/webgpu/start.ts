import { registerWebgpuKernels } from '../../kernels/wgsl/register.js';
import { reportEngineFailure } from '../../operations/read-back.js';
import { loadWebgpuBackend, tf } from '../../operations/tf.js';
import { selectBackend } from '../select-backend.js';
import type { StartedEngine } from '../started-engine.js';
import { type Adapter, adaptersOf, chooseAdapter, isSoftware, refuseSoftware } from './adapters.js';
import { listAdapters, loadDawn } from './dawn.js';
import { describeFault, describeLoss } from './faults.js';

/** Set by the tests alone (software-gpu.global-setup.ts): any adapter will do, because most of their machines have no GPU. */
const SOFTWARE_FOR_TESTS = 'CROSSCHECK_TEST_SOFTWARE_GPU';

/** What is wanted of the device beyond WebGPU's guaranteed minimum, as much as the adapter has. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** The device of this thread's backend: a lost one is replaced at the next start. */
let current: { device: GPUDevice; adapter: Adapter; lost: boolean } | null = null;

/**
 * Makes the chosen GPU TensorFlow.js's backend, by WebGPU: of two, the first, and each network gets a thread with its own.
 * @throws Error when Dawn is not installed, there is no such adapter (the message lists those that there are), or it is a
 * software one that is not allowed or that nobody asked for by name.
 */
export async function startWebgpu(choice: string | null, allow: { software: boolean }): Promise<StartedEngine> {
  const dawn = await loadDawn();
  const all = await listAdapters(dawn);
  const chosen = adaptersOf(choice).map((each) => {
    const adapter = chooseAdapter(all, each);
    if (isSoftware(adapter) && !allow.software) throw new Error(`${adapter.name} is no GPU but software`);
    if (!process.env[SOFTWARE_FOR_TESTS]) refuseSoftware(adapter, each);
    return adapter;
  });
  const adapter = chosen[0]!;
  if (!current || current.lost || current.adapter.name !== adapter.name) {
    const gpu = dawn.create([`backend=${adapter.backend}`, `adapter=${adapter.name}`]);
    await openDevice(gpu, adapter);
  }
  await selectBackend('webgpu');
  registerWebgpuKernels();
  const device = chosen.map(describe).join(' and ');
  const twins = chosen.length > 1 ? 'workers' : 'together';
  return { name: 'webgpu', device, reason: `webgpu: requested (${device})`, twins };
}

function describe(adapter: Adapter): string {
  return `${adapter.name} (${adapter.backend}${isSoftware(adapter) ? ', software' : ''})`;
}

async function openDevice(gpu: GPU, adapter: Adapter): Promise<void> {
  // Before there is a `navigator.gpu`, or it registers itself with a device that it opens.
  const WebGPUBackend = await loadWebgpuBackend();
  const found = await gpu.requestAdapter();
  if (!found) throw new Error(`engine "webgpu": adapter "${adapter.name}" is gone`);
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, found.limits[limit]]));
  const device = await found.requestDevice({ requiredLimits });
  const opened = { device, adapter, lost: false };
  device.addEventListener('uncapturederror', (event) => {
    reportEngineFailure(describeFault((event as GPUUncapturedErrorEvent).error));
  });
  device.lost.then((info) => {
    opened.lost = true;
    if (current === opened) reportEngineFailure(describeLoss(info));
  });
  // Where TensorFlow.js looks; Node 20 has no navigator at all.
  if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  // Else what is small is computed on the processor until it has been on the GPU once, with other roundings: a resumed run
  // would part from an uninterrupted one.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const { info } = found;
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info));
  current = opened;
}
