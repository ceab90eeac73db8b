import parts from '../install/parts.json' with { type: 'json' };
import { type Finding, messageOf, missing, ok, warning } from './check.js';
import { probe } from './probe.js';
import type { Gpus } from './probe-process.js';

const ON_PROCESSOR = 'training runs on the processor, which is far slower than a GPU';

export async function gpu(): Promise<Finding> {
  try {
    return describeGpus(await probe('gpus'));
  } catch (error) {
    if (!/is not installed/.test(messageOf(error))) throw error;
    return warning('WebGPU is not installed', parts.webgpu);
  }
}

export function describeGpus({ adapters, software, tensorflow }: Gpus): Finding {
  const cuda = tensorflow ? `${tensorflow} is installed` : 'TensorFlow for CUDA (optional) is not installed';
  if (adapters.length > 0) return ok(`${adapters.join(', ')}; ${cuda}`);
  const only = software.length > 0 ? `none, only software: ${software.join(', ')}` : 'none found';
  return warning(`${only}; ${cuda}`, {
    cost: ON_PROCESSOR,
    remedy: 'nothing if this machine has no GPU; otherwise install the Vulkan driver of its GPU (docs/engines.md)',
  });
}

export async function engine(): Promise<Finding> {
  try {
    return ok((await probe('engine')).reason);
  } catch (error) {
    return missing(`no engine starts: ${messageOf(error)}`, {
      cost: 'a runner cannot train here',
      remedy: 'run "npm ci" and "npm run build"',
    });
  }
}
