import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { kernelName, type OwnKernel } from '../operations/own-kernels.js';
import { tf } from '../tf.js';
import { convolutionKernels } from './convolution.js';
import { elementwiseKernels } from './elementwise.js';
import { entropyKernels } from './entropy.js';
import { normKernels } from './norm.js';
import { resampleKernels } from './resample.js';

/** One kernel: asks the GPU for new outputs from its inputs; nothing has been computed yet when it returns. */
export type GpuKernel = (inputs: Record<string, tf.TensorInfo>, attributes: object) => tf.TensorInfo[];

type Factory = (backend: WebGPUBackend) => Partial<Record<OwnKernel, GpuKernel>>;

const FACTORIES: Factory[] = [convolutionKernels, normKernels, entropyKernels, resampleKernels, elementwiseKernels];

/** Adds the own kernels to the webgpu engine, whichever device its backend has; a second call changes nothing. */
export function registerWebgpuKernels(): void {
  if (tf.getKernel(kernelName('sgd'), 'webgpu')) return;
  for (const factory of FACTORIES) {
    const names = Object.keys(factory(tf.backend() as WebGPUBackend)) as OwnKernel[];
    for (const name of names) {
      tf.registerKernel({
        kernelName: kernelName(name),
        backendName: 'webgpu',
        kernelFunc: ({ inputs, attrs, backend }) =>
          factory(backend as WebGPUBackend)[name]!(inputs as Record<string, tf.TensorInfo>, attrs ?? {}),
      });
    }
  }
}
