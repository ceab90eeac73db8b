import { startEngine } from '../../runner/engines/engine.js';
import { tensorflowPackage } from '../../runner/engines/tensorflow.js';
import { type Adapter, isSoftware } from '../../runner/engines/webgpu/adapters.js';
import { hasGraphicsDevice, listAdapters, loadDawn } from '../../runner/engines/webgpu/dawn.js';
import { nativeInstructionSets } from '../../runner/kernels/wasm/native-kernels.js';

/** The probes, by name. Each loads native code. */
const probes = {
  /** The instruction sets for which there are native kernels and which this processor has. */
  kernels: async (): Promise<string[]> => nativeInstructionSets(),

  /** The version of the image library, which loads only with its binary. */
  sharp: async (): Promise<string> => (await import('sharp')).default.versions.sharp,

  gpus: async (): Promise<Gpus> => {
    const packageName = tensorflowPackage() ?? null;
    // Dawn prints warnings when there is none.
    if (!hasGraphicsDevice()) return { adapters: [], software: [], tensorflow: packageName };
    const all = await listAdapters(await loadDawn());
    const named = (adapters: Adapter[]) => adapters.map(({ name, backend }) => `${name} (${backend})`);
    const [software, real] = [all.filter(isSoftware), all.filter((adapter) => !isSoftware(adapter))];
    return { adapters: named(real), software: named(software), tensorflow: packageName };
  },

  /** Starts the engine that `auto` chooses here. */
  engine: async (): Promise<{ name: string; reason: string }> => {
    const { name, reason } = await startEngine('auto');
    return { name, reason };
  },
};

export type Probes = typeof probes;

export interface Gpus {
  /** Names of the GPUs that WebGPU finds. */
  adapters: string[];
  /** Names of the adapters that compute on the processor. */
  software: string[];
  /** The installed package of TensorFlow with CUDA; null when there is none. */
  tensorflow: string | null;
}

try {
  const name = process.argv[2] ?? '';
  if (!Object.hasOwn(probes, name)) throw new Error(`"${name}" is not a probe: ${Object.keys(probes).join(', ')}`);
  const answer = await probes[name as keyof Probes]();
  // A started GPU keeps the process alive, so it exits once the answer is written.
  process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n${message.split('\n')[0]}\n`, () => process.exit(1));
}
