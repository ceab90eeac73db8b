import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadTensorflowBackend, tf } from '../operations/tf.js';
import { processor } from './processor.js';
import { selectBackend } from './select-backend.js';
import type { StartedEngine } from './started-engine.js';

const require = createRequire(import.meta.url);

/** Packages that provide the `tensorflow` engine, best first. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const INSTALL_TENSORFLOW =
  'install it with "npm install @tensorflow/tfjs-node-gpu@4.22.0" (Linux with CUDA 11 and cuDNN 8) or ' +
  '"npm install @tensorflow/tfjs-node@4.22.0" (CPU)';

/** NVIDIA's driver describes its GPUs here, in one folder per GPU. */
const NVIDIA_GPUS = '/proc/driver/nvidia/gpus';

/** The installed package that provides the engine, or undefined. */
export function tensorflowPackage(): string | undefined {
  return PACKAGES.find((name) => {
    try {
      require.resolve(`${name}/package.json`);
      return true;
    } catch {
      // Not resolvable means not installed.
      return false;
    }
  });
}

/**
 * Makes TensorFlow's native library the backend.
 * @throws Error when it is not installed or fails to load; the message says how to install it.
 */
export async function startTensorflow(): Promise<StartedEngine & { onGpu: boolean }> {
  const name = tensorflowPackage();
  if (!name) throw new Error(`engine "tensorflow" is not installed: ${INSTALL_TENSORFLOW}`);
  restoreRemovedUtilities();
  try {
    loadTensorflowBackend(name);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new Error(`engine "tensorflow" (${name}) is installed but failed to load: ${why}; ${INSTALL_TENSORFLOW}`, {
      cause,
    });
  }
  await selectBackend('tensorflow');
  // The GPU package silently computes on the CPU if it does not find CUDA.
  const { isUsingGpuDevice: onGpu } = tf.backend() as unknown as { isUsingGpuDevice: boolean };
  const device = onGpu ? `${nvidiaGpus() ?? 'GPU'} (CUDA)` : processor();
  return { name: 'tensorflow', device, reason: `tensorflow: requested (${name})`, twins: 'together', onGpu };
}

/**
 * Node 23 removed `util.isNullOrUndefined`, which @tensorflow/tfjs-node 4.22 calls (tensorflow/tfjs#8609), and deprecates
 * `util.isArray`, which it calls too. It looks them up in the module object at each call, so they can be restored there.
 */
export function restoreRemovedUtilities(util: Record<string, unknown> = require('node:util')): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** The names of this machine's NVIDIA GPUs according to the driver, or undefined if it lists none. */
function nvidiaGpus(): string | undefined {
  if (!existsSync(NVIDIA_GPUS)) return undefined;
  const models = readdirSync(NVIDIA_GPUS).map((gpu) => {
    const text = readFileSync(join(NVIDIA_GPUS, gpu, 'information'), 'utf8');
    return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim();
  });
  const known = models.filter((model) => model !== undefined);
  return known.length > 0 ? [...new Set(known)].join(', ') : undefined;
}
