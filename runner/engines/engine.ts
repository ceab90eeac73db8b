import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { tf } from './tf.js';
import { registerWasmKernels } from './wasm/register.js';

export type EngineName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

export interface Engine {
  name: EngineName;
  /** The hardware that computes, for people. */
  device: string;
  /** One line: what was chosen and why the others were not. */
  reason: string;
  /** Whether each of two networks gets a worker thread with an engine of its own, or both share this one. */
  twins: 'workers' | 'together';
}

const require = createRequire(import.meta.url);

/** Packages that bring the `tensorflow` engine, best first. */
const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const INSTALL_TENSORFLOW =
  'install it with "npm install @tensorflow/tfjs-node-gpu@4.22.0" (Linux with CUDA 11 and cuDNN 8) or ' +
  '"npm install @tensorflow/tfjs-node@4.22.0" (CPU)';

/**
 * Starts one compute engine for this thread and makes it TensorFlow.js's backend.
 * `auto` takes `tensorflow` when its package is installed, else `wasm`.
 * @throws Error when the requested engine cannot run here; the message says what to do.
 */
export async function startEngine(requested: EngineName | 'auto'): Promise<Engine> {
  switch (requested) {
    case 'tensorflow':
      return startTensorflow('tensorflow: requested');
    case 'webgpu':
      throw new Error('engine "webgpu" is not built into this version; use tensorflow, wasm or cpu');
    case 'wasm':
      return startWasm('wasm: requested');
    case 'cpu':
      return startCpu();
    case 'auto':
      return startBest();
    default:
      throw new Error(`unknown engine "${String(requested)}"; allowed: auto, tensorflow, webgpu, wasm, cpu`);
  }
}

async function startBest(): Promise<Engine> {
  if (!tensorflowPackage()) {
    return startWasm('wasm: tfjs-node-gpu is not installed, webgpu is not built into this version');
  }
  try {
    return await startTensorflow('tensorflow: its package is installed');
  } catch (error) {
    // A package without its native library is an ordinary state of this machine, not a reason to refuse all work.
    return startWasm(`wasm: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}

async function startWasm(reason: string): Promise<Engine> {
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await selectBackend('wasm');
  await registerWasmKernels({ kernels: (process.env.K ?? 'auto') as never, threads: 1 });
  return { name: 'wasm', device: processor(), reason, twins: twinsOnProcessor() };
}

async function startCpu(): Promise<Engine> {
  await selectBackend('cpu');
  return { name: 'cpu', device: processor(), reason: 'cpu: requested (the slow reference)', twins: twinsOnProcessor() };
}

async function startTensorflow(reason: string): Promise<Engine> {
  const name = tensorflowPackage();
  if (!name) throw new Error(`engine "tensorflow" is not installed: ${INSTALL_TENSORFLOW}`);
  try {
    // The name is a variable because the package is optional: the compiler must not look for it.
    await import(name);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new Error(`engine "tensorflow" (${name}) is installed but does not load: ${why}; ${INSTALL_TENSORFLOW}`, {
      cause,
    });
  }
  await selectBackend('tensorflow');
  const device = name.endsWith('-gpu') ? 'CUDA GPU' : processor();
  return { name: 'tensorflow', device, reason: `${reason} (${name})`, twins: 'together' };
}

function tensorflowPackage(): string | undefined {
  return TENSORFLOW_PACKAGES.find((name) => {
    try {
      require.resolve(`${name}/package.json`);
      return true;
    } catch {
      // Not resolvable is the answer: the package is not installed.
      return false;
    }
  });
}

async function selectBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`engine "${name}" failed to start`);
  await tf.ready();
}

function processor(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'CPU'}, ${all.length} threads`;
}

function twinsOnProcessor(): Engine['twins'] {
  return availableParallelism() >= 2 ? 'workers' : 'together';
}
