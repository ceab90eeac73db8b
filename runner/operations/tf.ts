/**
 * The only place that imports TensorFlow.js: everything else takes `tf` from here, so that there is one instance of it with
 * its gradients registered, and no start-up banner.
 */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';

export type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
export type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
export { tf };

// Production mode only silences advertisements ("you are running TensorFlow.js in Node.js ...") and debug checks.
tf.enableProdMode();

/** Registers TensorFlow.js's wasm backend. */
export async function loadWasmBackend(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
}

/** TensorFlow.js's WebGPU backend. It registers itself, with any device, where there is a `navigator.gpu`. */
export async function loadWebgpuBackend() {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  return WebGPUBackend;
}

/**
 * Registers TensorFlow's native library as a backend.
 * @param packageName a variable, because the package is optional: the compiler must not look for it
 */
export async function loadTensorflowBackend(packageName: string): Promise<void> {
  await import(packageName);
}
