import { registerWebgpuKernels } from '../../kernels/wgsl/register.js';
import { allowSubgroups } from '../../kernels/wgsl/subgroups.js';
import { reportEngineFailure } from '../../operations/read-back.js';
import { loadWebgpuBackend, tf } from '../../operations/tf.js';
import { selectBackend } from '../select-backend.js';
import type { StartedEngine } from '../started-engine.js';
import { type Adapter, adaptersOf, chooseAdapter, isSoftware, refuseSoftware } from './adapters.js';
import { type Dawn, listAdapters, loadDawn, openAdapter } from './dawn.js';
import { describeFault, describeLoss } from './faults.js';
import { describeOffer, featuresOf } from './features.js';

/** Set only by tests (software-gpu.global-setup.ts) to accept any adapter, because most test machines have no GPU. */
const SOFTWARE_FOR_TESTS = 'CROSSCHECK_TEST_SOFTWARE_GPU';

/** The limits that are raised from WebGPU's guaranteed minimum to the adapter's maximum. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** The device of this thread's backend. A lost one is replaced at the next start. */
let current: { device: GPUDevice; adapter: Adapter; offers: string; lost: boolean } | null = null;

/**
 * Makes the chosen GPU TensorFlow.js's backend, through WebGPU. If `choice` names two, the backend uses the first, and each
 * network gets a thread with its own GPU.
 * @throws Error when Dawn is not installed, when there is no such adapter (the message lists the available ones), or when it
 * is a software GPU that is not allowed or was not requested by name.
 */
export async function startWebgpu(choice: string | null, allow: { software: boolean }): Promise<StartedEngine> {
  const dawn = await loadDawn();
  const all = await listAdapters(dawn);
  const chosen = adaptersOf(choice).map((each) => {
    const adapter = chooseAdapter(all, each);
    if (isSoftware(adapter) && !allow.software) throw new Error(`${adapter.name} is a software GPU`);
    if (!process.env[SOFTWARE_FOR_TESTS]) refuseSoftware(adapter, each);
    return adapter;
  });
  const adapter = chosen[0]!;
  if (!current || current.lost || current.adapter.name !== adapter.name) {
    await openDevice(dawn, adapter);
  }
  await selectBackend('webgpu');
  registerWebgpuKernels();
  const device = chosen.map(describe).join(' and ');
  const twins = chosen.length > 1 ? 'workers' : 'together';
  return { name: 'webgpu', device, reason: `webgpu: requested (${device})`, twins, offers: current!.offers };
}

function describe(adapter: Adapter): string {
  return `${adapter.name} (${adapter.backend}${isSoftware(adapter) ? ', software' : ''})`;
}

async function openDevice(dawn: Dawn, adapter: Adapter): Promise<void> {
  // Must run before `navigator.gpu` is set; otherwise the backend opens a device and registers itself with it.
  const WebGPUBackend = loadWebgpuBackend();
  const { gpu, found } = await openAdapter(dawn, adapter);
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, found.limits[limit]]));
  const device = await found.requestDevice({ requiredLimits, requiredFeatures: featuresOf(found) });
  allowSubgroups(device, gpu.wgslLanguageFeatures);
  const opened = { device, adapter, offers: describeOffer(found), lost: false };
  device.addEventListener('uncapturederror', (event) => {
    reportEngineFailure(describeFault((event as GPUUncapturedErrorEvent).error));
  });
  device.lost.then((info) => {
    opened.lost = true;
    if (current === opened) reportEngineFailure(describeLoss(info));
  });
  // TensorFlow.js looks for the GPU here. Node 20 has no navigator.
  if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  // Otherwise small tensors are computed on the CPU until they have been on the GPU once. That rounds differently, so a
  // resumed run would deviate from an uninterrupted one.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const { info } = found;
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info));
  current = opened;
}
