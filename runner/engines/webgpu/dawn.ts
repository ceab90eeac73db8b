import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Adapter, parseAdapters } from './adapters.js';

/** The exports of the optional package `webgpu`: Dawn, Chromium's implementation of WebGPU, for Node. */
export interface Dawn {
  create(options: string[]): GPU;
  globals: Record<string, unknown>;
}

/** A variable, because the package is optional and the compiler must not resolve it. */
const PACKAGE = 'webgpu';

const INSTALL = 'install it with "npm install webgpu@0.6.2"';

/** A name that no adapter has. When asked for it, Dawn fails with a list of all adapters. */
const NOBODY = 'an adapter of no name';

/**
 * Loads Dawn and makes its classes and constants global, where TensorFlow.js expects those of a browser.
 * @throws Error when the package is not installed or has no binary for this platform.
 */
export async function loadDawn(): Promise<Dawn> {
  try {
    const dawn: Dawn = await import(PACKAGE);
    Object.assign(globalThis, dawn.globals);
    return dawn;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND';
    const why = missing ? 'is not installed' : `failed to load: ${message.split('\n')[0]}`;
    const platform = `${process.platform}-${process.arch}`;
    throw new Error(`engine "webgpu": the package "webgpu" ${why} (${platform}); ${INSTALL}`, { cause });
  }
}

/** All adapters in Dawn's order, through the graphics API that Dawn prefers here (Vulkan, Metal or D3D12). */
export async function listAdapters(dawn: Dawn): Promise<Adapter[]> {
  try {
    const adapter = await dawn.create([`adapter=${NOBODY}`]).requestAdapter();
    if (!adapter) return [];
    throw new Error(`Dawn ignored the adapter name "${NOBODY}"; --adapter does not work with this version of "webgpu"`);
  } catch (error) {
    // The list is in the message of what Dawn throws, which is not always an Error.
    const message = error instanceof Error ? error.message : String(error);
    if (!/no (suitable backends|adapter)/.test(message)) throw error;
    return parseAdapters(message);
  }
}

/** Of GPU times: Dawn rounds them to 0.1 ms, so that web pages cannot tell what else a GPU does. Most kernels take less. */
const EXACT_TIMES = 'disable-dawn-features=timestamp_quantization';

/**
 * Opens an adapter.
 * @returns it, and Dawn's entry point, which must be kept for as long as the adapter is used
 * @throws Error when it is no longer there
 */
export async function openAdapter(dawn: Dawn, { backend, name }: Adapter): Promise<{ gpu: GPU; found: GPUAdapter }> {
  const gpu = dawn.create([`backend=${backend}`, `adapter=${name}`, EXACT_TIMES]);
  const found = await gpu.requestAdapter();
  if (!found) throw new Error(`engine "webgpu": adapter "${name}" is no longer available`);
  return { gpu, found };
}

/**
 * Whether the system lists any graphics device in `devices`. This is checked before Dawn is loaded, because Dawn warns on
 * stderr if it finds none. Other systems than Linux do not list them, so the result there is true.
 */
export function hasGraphicsDevice(devices = '/dev'): boolean {
  if (process.platform !== 'linux') return true;
  const dri = join(devices, 'dri');
  const render = existsSync(dri) ? readdirSync(dri) : [];
  // In a container with only the third NVIDIA GPU of its host, the device is nvidia2.
  const own = readdirSync(devices).some((node) => /^(nvidia\d+|dxg)$/.test(node));
  return own || render.some((node) => node.startsWith('renderD'));
}
