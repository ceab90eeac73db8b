import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Adapter, parseAdapters } from './adapters.js';

/** What the optional package `webgpu` exports: Dawn, the WebGPU implementation of Chromium, for Node. */
interface Dawn {
  create(options: string[]): GPU;
  globals: Record<string, unknown>;
}

/** A variable because the package is optional: the compiler must not look for it. */
const PACKAGE = 'webgpu';

const INSTALL = 'install it with "npm install webgpu@0.6.2"';

/** A name that no adapter has: asked for it, Dawn answers with the names that there are. */
const NOBODY = 'an adapter of no name';

/**
 * Loads Dawn and makes its classes and constants global, where TensorFlow.js expects a browser's.
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
    const why = missing ? 'is not installed' : `does not load: ${message.split('\n')[0]}`;
    const platform = `${process.platform}-${process.arch}`;
    throw new Error(`engine "webgpu": the package "webgpu" ${why} (${platform}); ${INSTALL}`, { cause });
  }
}

/** All adapters in Dawn's order, on the API that Dawn likes best here (Vulkan, Metal or D3D12). */
export async function listAdapters(dawn: Dawn): Promise<Adapter[]> {
  try {
    const adapter = await dawn.create([`adapter=${NOBODY}`]).requestAdapter();
    if (!adapter) return [];
    throw new Error(`Dawn gave an adapter for the name "${NOBODY}"; --adapter cannot work with this version`);
  } catch (error) {
    // The list is the message of a refusal, which is not always an Error.
    const message = error instanceof Error ? error.message : String(error);
    if (!/no (suitable backends|adapter)/.test(message)) throw error;
    return parseAdapters(message);
  }
}

/**
 * Whether the system shows any graphics device in `devices`. Asked before Dawn is loaded, because Dawn warns on stderr where
 * it finds none. Only Linux tells.
 */
export function hasGraphicsDevice(devices = '/dev'): boolean {
  if (process.platform !== 'linux') return true;
  const dri = join(devices, 'dri');
  const render = existsSync(dri) ? readdirSync(dri) : [];
  // A container given a machine's third NVIDIA GPU alone has it as nvidia2.
  const own = readdirSync(devices).some((node) => /^(nvidia\d+|dxg)$/.test(node));
  return own || render.some((node) => node.startsWith('renderD'));
}
