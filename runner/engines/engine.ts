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

/** The options for the engine in a network's own thread: with two GPUs, each network gets one. */
export function optionsOfBranch(options: EngineOptions, branch: 1 | 2): EngineOptions {
  const adapters = adaptersOf(options.adapter);
  return { ...options, adapter: adapters[branch - 1] ?? adapters[0]! };
}

/**
 * Starts one compute engine for this thread and makes it TensorFlow.js's backend.
 * `auto` chooses `tensorflow` if CUDA is found, else `webgpu` if there is a real GPU, else `wasm`. `threads` is the number of
 * CPU threads for the native kernels of `wasm`; all by default.
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
      // Many machines cannot run this engine. Fall back to the next one instead of failing.
      whyNot.push(`not ${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  return startWasm({ kernels: options.kernels, threads }, whyNot);
}

async function tensorflowOnCuda(): Promise<StartedEngine> {
  if (!tensorflowPackage()) throw new Error('its package is not installed');
  const engine = await startTensorflow();
  if (!engine.onGpu) throw new Error('no CUDA GPU was found');
  return engine;
}

async function webgpuOnGpu(adapter: string | null): Promise<StartedEngine> {
  if (!hasGraphicsDevice()) throw new Error('this machine has no graphics device');
  return startWebgpu(adapter, { software: false });
}

async function startWebgpu(adapter: string | null, allow = { software: true }): Promise<StartedEngine> {
  // Loaded on demand, because a runner on the CPU does not need it.
  const { startWebgpu } = await import('./webgpu/start.js');
  return startWebgpu(adapter, allow);
}

async function startCpu(): Promise<StartedEngine> {
  await selectBackend('cpu');
  return { name: 'cpu', device: processor(), reason: 'cpu: requested (the slow reference)', twins: twinsOnProcessor() };
}
