/**
 * The only module that imports TensorFlow.js. All others import `tf` from here, so that there is one instance, with its
 * gradients registered and without its start-up banner.
 */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';

export type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
export type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
export { tf };

// Production mode only disables advertisements ("you are running TensorFlow.js in Node.js ...") and debug checks.
tf.enableProdMode();

/** Registers TensorFlow.js's wasm backend. */
export async function loadWasmBackend(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
}

/** Loads TensorFlow.js's WebGPU backend. If `navigator.gpu` is set, it registers itself with any device. */
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
