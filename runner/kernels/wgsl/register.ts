import { kernelName, type OwnKernel } from '../../operations/own-kernels.js';
import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { convolutionKernels } from './convolution.js';
import { elementwiseKernels } from './elementwise.js';
import { entropyKernels } from './entropy.js';
import { meanKernel } from './mean.js';
import { normKernels } from './norm.js';
import type { GpuKernel } from './program.js';
import { resampleKernels } from './resample.js';

type Kernels = Partial<Record<OwnKernel, GpuKernel>>;

/** The kernels by backend. When a lost device is replaced, so is its backend. */
const made = new WeakMap<WebGPUBackend, Kernels>();

/** Adds our own kernels to the webgpu engine, for any device of its backend. A second call has no effect. */
export function registerWebgpuKernels(): void {
  if (tf.getKernel(kernelName('sgd'), 'webgpu')) return;
  for (const name of Object.keys(kernelsOf(tf.backend() as WebGPUBackend)) as OwnKernel[]) {
    tf.registerKernel({
      kernelName: kernelName(name),
      backendName: 'webgpu',
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernelsOf(backend as WebGPUBackend)[name]!(inputs as Record<string, tf.TensorInfo>, attrs ?? {}),
    });
  }
}

function kernelsOf(backend: WebGPUBackend): Kernels {
  const known = made.get(backend);
  if (known) return known;
  const kernels: Kernels = {
    ...convolutionKernels(backend),
    ...normKernels(backend),
    ...entropyKernels(backend),
    ...meanKernel(backend),
    ...resampleKernels(backend),
    ...elementwiseKernels(backend),
  };
  made.set(backend, kernels);
  return kernels;
}
