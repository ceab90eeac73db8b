import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { kernelName, type OwnKernel } from '../../operations/own-kernels.js';
import { tf } from '../../operations/tf.js';
import type { KernelChoice } from '../../tracking/messages.js';
import { convolutionKernels } from './convolution.js';
import { elementwiseKernels } from './elementwise.js';
import { Heap, type HeapKernel } from './heap.js';
import type { LoadedKernels } from './kernel-module.js';
import { hasNativeKernels, loadNativeKernels } from './native-kernels.js';
import { normKernels } from './norm.js';
import { pixelKernels } from './pixels.js';
import { rowKernels } from './rows.js';
import { loadSimdKernels } from './simd-kernels.js';

export interface KernelOptions {
  kernels: KernelChoice;
  /** Threads that the native kernels compute with, this one included. */
  threads: number;
}

/**
 * Adds the own kernels to the wasm engine of this thread, which must be the backend; a second call replaces them. Returns
 * which set it is, for people.
 * @throws Error when the chosen set was not compiled; the message says what to do.
 */
export async function registerWasmKernels({ kernels, threads }: KernelOptions): Promise<string> {
  const backend = tf.backend() as BackendWasm;
  const heap = new Heap(backend);
  const { module, description } = await loadKernels(kernels, heap, threads);
  const all: Partial<Record<OwnKernel, HeapKernel>> = {
    ...convolutionKernels(module, heap),
    ...normKernels(module, heap),
    ...pixelKernels(module, heap),
    ...elementwiseKernels(module, heap),
    ...rowKernels(module, heap),
  };
  shareOnClone(backend);
  for (const [name, kernel] of Object.entries(all)) {
    replaceKernel(kernelName(name as OwnKernel), ({ inputs, attrs }) =>
      kernel(inputs as Record<string, tf.TensorInfo>, attrs ?? {}),
    );
  }
  return description;
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
    // Compiled on another machine, say: that is no reason to refuse all work, but people should know.
    const simd = await loadSimdKernels(heap);
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { ...simd, description: `${simd.description}; the native ones do not load: ${why}` };
  }
}

function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

/**
 * The engine's own Identity copies, and every tensor that a gradient saves is cloned. Values are never changed in place, so
 * a clone can share them, as it does on the other engines.
 */
function shareOnClone(backend: BackendWasm): void {
  replaceKernel('Identity', ({ inputs }) => {
    const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
}
