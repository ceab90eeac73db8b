import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type KernelOptions, registerWasmKernels } from '../kernels/wasm/register.js';
import { ENGINE_CHOICES, type EngineChoice, type EngineName, type EngineOptions } from '../tracking/messages.js';
import { processor, twinsOnProcessor } from './processor.js';
import { selectBackend } from './select-backend.js';
import { startTensorflow, tensorflowPackage } from './tensorflow.js';
import { refuseFailedAllocations } from './wasm-memory.js';
import { adaptersOf } from './webgpu/adapters.js';
import { hasGraphicsDevice } from './webgpu/dawn.js';

export interface Engine {
  name: EngineName;
  /** The hardware that computes, for people. */
  device: string;
  /** One line: what was chosen and why the others were not. */
  reason: string;
  /** Whether each of two networks gets a worker thread with an engine of its own, or both share this one. */
  twins: 'workers' | 'together';
  /** What it was started with: a thread's own engine is started with the same. */
  options: EngineOptions;
}

/** An engine as the module that starts it describes it. */
export type StartedEngine = Omit<Engine, 'options'>;

export const DEFAULT_ENGINE_OPTIONS: EngineOptions = { kernels: 'auto', adapter: null };

/** What the engine in one network's own thread is started with: of two GPUs each network has one. */
export function optionsOfBranch(options: EngineOptions, branch: 1 | 2): EngineOptions {
  const adapters = adaptersOf(options.adapter);
  return { ...options, adapter: adapters[branch - 1] ?? adapters[0]! };
}

const require = createRequire(import.meta.url);

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

async function startWasm(options: KernelOptions, why: string[]): Promise<StartedEngine> {
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await selectBackend('wasm');
  refuseFailedAllocations();
  const description = await registerWasmKernels(options);
  return {
    name: 'wasm',
    device: processor(),
    reason: `wasm: ${[description, ...why].join('; ')}`,
    twins: twinsOnProcessor(),
  };
}

async function startCpu(): Promise<StartedEngine> {
  await selectBackend('cpu');
  return { name: 'cpu', device: processor(), reason: 'cpu: requested (the slow reference)', twins: twinsOnProcessor() };
}
