import { availableParallelism } from 'node:os';
import {
  DEFAULT_ENGINE_OPTIONS,
  ENGINE_CHOICES,
  type Engine,
  type EngineChoice,
  type EngineOptions,
} from '../tracking/engine.js';
import { processor, twinsOnProcessor } from './processor.js';
import { selectBackend } from './select-backend.js';
import type { StartedEngine } from './started-engine.js';
import { startTensorflow, tensorflowPackage } from './tensorflow.js';
import { startWasm } from './wasm/start.js';
import { adaptersOf } from './webgpu/adapters.js';
import { hasGraphicsDevice } from './webgpu/dawn.js';

/** What the engine in one network's own thread is started with: of two GPUs each network has one. */
export function optionsOfBranch(options: EngineOptions, branch: 1 | 2): EngineOptions {
  const adapters = adaptersOf(options.adapter);
  return { ...options, adapter: adapters[branch - 1] ?? adapters[0]! };
}

/**
 * Starts one compute engine for this thread and makes it TensorFlow.js's backend.
 * `auto` takes `tensorflow` where it finds CUDA, else `webgpu` where there is a real GPU, else `wasm`. `threads` is how many
 * of the processor's the native kernels of `wasm` may use for it; all unless given.
 * @throws Error when the requested engine cannot run here; the message says what to do.
 */
export async function startEngine(
  requested: EngineChoice,
  options: EngineOptions = DEFAULT_ENGINE_OPTIONS,
  threads = availableParallelism(),
): Promise<Engine> {
  return { ...(await start(requested, options, threads)), options };
}

async function start(requested: EngineChoice, options: EngineOptions, threads: number): Promise<StartedEngine> {
  switch (requested) {
    case 'tensorflow':
      return startTensorflow();
    case 'webgpu':
      return startWebgpu(options.adapter);
    case 'wasm':
      return startWasm({ kernels: options.kernels, threads }, ['requested']);
    case 'cpu':
      return startCpu();
    case 'auto':
      return startBest(options, threads);
    default:
      throw new Error(`unknown engine "${String(requested)}"; allowed: ${ENGINE_CHOICES.join(', ')}`);
  }
}

async function startBest(options: EngineOptions, threads: number): Promise<StartedEngine> {
  const whyNot: string[] = [];
  for (const [name, attempt] of [
    ['tensorflow', () => tensorflowOnCuda()],
    ['webgpu', () => webgpuOnGpu(options.adapter)],
  ] as const) {
    try {
      const engine = await attempt();
      return { ...engine, reason: [`${name}: ${engine.device}`, ...whyNot].join('; ') };
    } catch (error) {
      // An engine that cannot work here is an ordinary state of a machine, not a reason to refuse all work.
      whyNot.push(`not ${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  return startWasm({ kernels: options.kernels, threads }, whyNot);
}

async function tensorflowOnCuda(): Promise<StartedEngine> {
  if (!tensorflowPackage()) throw new Error('its package is not installed');
  const engine = await startTensorflow();
  if (!engine.onGpu) throw new Error('it finds no CUDA GPU');
  return engine;
}

async function webgpuOnGpu(adapter: string | null): Promise<StartedEngine> {
  if (!hasGraphicsDevice()) throw new Error('this machine shows no GPU');
  return startWebgpu(adapter, { software: false });
}

async function startWebgpu(adapter: string | null, allow = { software: true }): Promise<StartedEngine> {
  // Loaded when it is wanted: a runner on the processor has no use for it.
  const { startWebgpu } = await import('./webgpu/start.js');
  return startWebgpu(adapter, allow);
}

async function startCpu(): Promise<StartedEngine> {
  await selectBackend('cpu');
  return { name: 'cpu', device: processor(), reason: 'cpu: requested (the slow reference)', twins: twinsOnProcessor() };
}
