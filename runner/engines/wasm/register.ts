import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { kernelName, type OwnKernel } from '../operations/own-kernels.js';
import { tf } from '../tf.js';
import { convolutionKernels } from './convolution.js';
import { elementwiseKernels } from './elementwise.js';
import { Heap } from './heap.js';
import { loadKernelModule } from './kernel-module.js';
import { normKernels } from './norm.js';
import { pixelKernels } from './pixels.js';

/** One kernel: reads its inputs on the heap, returns new outputs on it. */
export type HeapKernel = (inputs: Record<string, tf.TensorInfo>, attributes: object) => tf.TensorInfo[];

/** Adds the own kernels to the wasm engine of this thread, which must be the backend; a second call changes nothing. */
export async function registerWasmKernels(_choice: 'auto' | 'native' | 'simd' = 'auto'): Promise<string> {
  if (tf.getKernel(kernelName('sgd'), 'wasm')) return 'simd kernels';
  const backend = tf.backend() as BackendWasm;
  const heap = new Heap(backend);
  const module = await loadKernelModule(heap.memory);
  const kernels: Partial<Record<OwnKernel, HeapKernel>> = {
    ...convolutionKernels(module, heap),
    ...normKernels(module, heap),
    ...pixelKernels(module, heap),
    ...elementwiseKernels(module, heap),
  };
  shareOnClone(backend);
  for (const [name, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName: kernelName(name as OwnKernel),
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => kernel(inputs as Record<string, tf.TensorInfo>, attrs ?? {}),
    });
  }
  return 'simd kernels';
}

/**
 * The engine's own Identity copies, and every tensor that a gradient saves is cloned. Values are never changed in place, so
 * a clone can share them, as it does on the other engines.
 */
function shareOnClone(backend: BackendWasm): void {
  tf.unregisterKernel('Identity', 'wasm');
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: ({ inputs }) => {
      const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
}
