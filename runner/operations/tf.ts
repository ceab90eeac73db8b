/**
 * The only module that imports TensorFlow.js. All others import `tf` from here, so that there is one instance, with its
 * gradients registered and without its start-up banner.
 */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

// Required, not imported: before Node imports a CommonJS module, it parses the whole module and its dependencies for the names
// of exports. In every thread, that takes longer than running them.
import tf = require('@tensorflow/tfjs');

export type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
export type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
export { tf };

// Production mode only disables advertisements ("you are running TensorFlow.js in Node.js ...") and debug checks.
tf.enableProdMode();

const load = createRequire(import.meta.url);

/** Registers TensorFlow.js's wasm backend. */
export function loadWasmBackend(): void {
  const name = '@tensorflow/tfjs-backend-wasm';
  const { setWasmPaths } = load(name) as typeof import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(load.resolve(name)) + sep);
}

/** Loads TensorFlow.js's WebGPU backend. If `navigator.gpu` is set, it registers itself with any device. */
export function loadWebgpuBackend() {
  const { WebGPUBackend } = load('@tensorflow/tfjs-backend-webgpu') as typeof import('@tensorflow/tfjs-backend-webgpu');
  return WebGPUBackend;
}

/** Registers TensorFlow's native library, from the optional package `packageName`, as a backend. */
export function loadTensorflowBackend(packageName: string): void {
  load(packageName);
}
