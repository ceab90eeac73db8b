import { kernelName, type OwnKernel } from '../../operations/own-kernels.js';
import type { BackendWasm } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { convolutionKernels } from './convolution.js';
import { elementwiseKernels } from './elementwise.js';
import type { Heap, HeapKernel } from './heap.js';
import type { KernelModule } from './kernel-module.js';
import { normKernels } from './norm.js';
import { pixelKernels } from './pixels.js';
import { rowKernels } from './rows.js';
import { sumKernels } from './sums.js';

/** Adds our own kernels to the wasm engine of this thread, which must be the backend. A second call replaces them. */
export function registerWasmKernels(module: KernelModule, heap: Heap): void {
  const all: Partial<Record<OwnKernel, HeapKernel>> = {
    ...convolutionKernels(module, heap),
    ...normKernels(module, heap),
    ...sumKernels(module, heap),
    ...pixelKernels(module, heap),
    ...elementwiseKernels(module, heap),
    ...rowKernels(module, heap),
  };
  shareOnClone(tf.backend() as BackendWasm);
  for (const [name, kernel] of Object.entries(all)) {
    replaceKernel(kernelName(name as OwnKernel), ({ inputs, attrs }) =>
      kernel(inputs as Record<string, tf.TensorInfo>, attrs ?? {}),
    );
  }
}

function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

/**
 * Makes clones share their values. The wasm engine copies them in Identity, although every tensor that a gradient saves is
 * cloned. Values are never changed in place, so sharing is safe; the other engines share them, too.
 */
function shareOnClone(backend: BackendWasm): void {
  replaceKernel('Identity', ({ inputs }) => {
    const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
}
