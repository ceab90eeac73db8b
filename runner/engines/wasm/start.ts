import { Heap } from '../../kernels/wasm/heap.js';
import type { LoadedKernels } from '../../kernels/wasm/kernel-module.js';
import { hasNativeKernels, loadNativeKernels } from '../../kernels/wasm/native-kernels.js';
import { registerWasmKernels } from '../../kernels/wasm/register.js';
import { loadSimdKernels } from '../../kernels/wasm/simd-kernels.js';
import { type BackendWasm, loadWasmBackend, tf } from '../../operations/tf.js';
import type { KernelChoice } from '../../tracking/engine.js';
import { processor, twinsOnProcessor } from '../processor.js';
import { selectBackend } from '../select-backend.js';
import type { StartedEngine } from '../started-engine.js';
import { refuseFailedAllocations } from './memory.js';

export interface WasmOptions {
  kernels: KernelChoice;
  /** The number of threads that the native kernels compute with, including this one. */
  threads: number;
}

/**
 * Makes TensorFlow.js's wasm engine the backend and adds our own kernels.
 *
 * @param why the reasons why it was chosen, for display
 * @throws Error when the chosen set of kernels was not compiled; the message says what to do.
 */
export async function startWasm({ kernels, threads }: WasmOptions, why: string[]): Promise<StartedEngine> {
  loadWasmBackend();
  await selectBackend('wasm');
  refuseFailedAllocations();
  const heap = new Heap(tf.backend() as BackendWasm);
  const { module, description } = await loadKernels(kernels, heap, threads);
  registerWasmKernels(module, heap);
  return {
    name: 'wasm',
    device: processor(),
    reason: `wasm: ${[description, ...why].join('; ')}`,
    twins: twinsOnProcessor(),
  };
}

async function loadKernels(kernels: KernelChoice, heap: Heap, threads: number): Promise<LoadedKernels> {
  if (kernels === 'native') return loadNativeKernels(heap, { threads });
  if (kernels === 'simd') return loadSimdKernels(heap);
  if (!hasNativeKernels()) {
    const simd = await loadSimdKernels(heap);
    return { ...simd, description: `${simd.description}; the native ones were not compiled` };
  }
  try {
    return loadNativeKernels(heap, { threads });
  } catch (error) {
    // Probably compiled on another machine. Fall back instead of failing, and say so in the description.
    const simd = await loadSimdKernels(heap);
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { ...simd, description: `${simd.description}; the native ones failed to load: ${why}` };
  }
}
