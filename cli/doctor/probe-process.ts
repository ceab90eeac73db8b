import { startEngine } from '../../runner/engines/engine.js';
import { tensorflowPackage } from '../../runner/engines/tensorflow.js';
import { type Adapter, isSoftware } from '../../runner/engines/webgpu/adapters.js';
import { type Dawn, hasGraphicsDevice, listAdapters, loadDawn } from '../../runner/engines/webgpu/dawn.js';
import { offerOf } from '../../runner/engines/webgpu/features.js';
import { nativeInstructionSets } from '../../runner/kernels/wasm/native-kernels.js';

/** The probes, by name. Each loads native code. */
const probes = {
  /** The instruction sets for which there are native kernels and which this processor has. */
  kernels: async (): Promise<string[]> => nativeInstructionSets(),

  /** The version of the image library, which loads only with its binary. */
  sharp: async (): Promise<string> => (await import('sharp')).default.versions.sharp,

  gpus: async (): Promise<Gpus> => {
    const packageName = tensorflowPackage() ?? null;
    // Dawn prints warnings when there is none. A driver that is named may need no device.
    const isNamed = process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES;
    if (!hasGraphicsDevice() && !isNamed) return { adapters: [], software: [], tensorflow: packageName };
    const dawn = await loadDawn();
    const all = await listAdapters(dawn);
    const named = async (adapters: Adapter[]) => {
      const names: string[] = [];
      for (const adapter of adapters) names.push(await withOffer(dawn, adapter));
      return names;
    };
    const [software, real] = [all.filter(isSoftware), all.filter((adapter) => !isSoftware(adapter))];
    return { adapters: await named(real), software: await named(software), tensorflow: packageName };
  },

  /** Starts the engine that `auto` chooses here. */
  engine: async (): Promise<{ name: string; reason: string }> => {
    const { name, reason } = await startEngine('auto');
    return { name, reason };
  },
};

/** An adapter's name and what it offers, or why it cannot be opened. */
async function withOffer(dawn: Dawn, adapter: Adapter): Promise<string> {
  const offer = await offerOf(dawn, adapter).catch(
    (error: unknown) => `cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
  );
  return `${adapter.name} (${adapter.backend}; ${offer})`;
}

export type Probes = typeof probes;

export interface Gpus {
  /** Names of the GPUs that WebGPU finds, and what each offers. */
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
