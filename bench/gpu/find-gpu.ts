import { probe } from '../../cli/doctor/probe.js';
import { SOFTWARE_ADAPTER, softwareGpuEnvironment } from '../../runner/testing/software-gpu.js';
import type { Options } from './options.js';

/** The GPU to check: what it is, in words, and what to pass as `--adapter`. */
export interface FoundGpu {
  device: string;
  adapter: string | null;
}

const NONE =
  'no GPU was found; install the Vulkan driver of the GPU (docs/engines.md), or try this command on a software GPU: ' +
  'npm run gpu-check -- --software --page FILE';

/**
 * Finds the GPU as `doctor` does, or says in one line why there is none. With `software`, sets the variables with which this
 * process and those that it starts use the software GPU.
 */
export async function findGpu({
  software,
  adapter,
}: Pick<Options, 'software' | 'adapter'>): Promise<FoundGpu | { problem: string }> {
  if (software) {
    const environment = softwareGpuEnvironment();
    if (!environment) return { problem: "there is no software GPU; install Debian's chromium" };
    Object.assign(process.env, environment);
  }
  const found = await probe('gpus').catch((error: Error) => error.message);
  if (typeof found === 'string') return { problem: `WebGPU does not work here: ${found}` };
  const all = software ? found.software : found.adapters;
  if (all.length === 0) return { problem: NONE };
  const wanted = software ? SOFTWARE_ADAPTER : adapter;
  const isWanted = (name: string, index: number) => {
    if (wanted === null) return true;
    // What a GPU offers, behind its name, has digits, too.
    return /^\d+$/.test(wanted) ? index === Number(wanted) : nameOf(name).includes(wanted.toLowerCase());
  };
  const chosen = all.find(isWanted);
  if (!chosen) return { problem: `there is no GPU "${wanted}"; there are: ${all.join(', ')}` };
  return { device: chosen, adapter: wanted };
}

const nameOf = (adapter: string): string => adapter.replace(/ \([^()]*\)$/, '').toLowerCase();
