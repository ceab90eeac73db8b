import { ENGINE_NAMES, type EngineName } from '../../schema/engines.js';

/** `auto`: the best engine that works on the machine. */
export const ENGINE_CHOICES = ['auto', ...ENGINE_NAMES] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** Which kernels `wasm` uses: those compiled for this processor, the portable SIMD ones, or the best that work here. */
export const KERNEL_CHOICES = ['auto', 'native', 'simd'] as const;

export type KernelChoice = (typeof KERNEL_CHOICES)[number];

/** The engine options that were chosen when the runner was registered. */
export interface EngineOptions {
  kernels: KernelChoice;
  /** The GPU that `webgpu` uses: its index in the list or part of its name. Null selects the first hardware GPU. */
  adapter: string | null;
}

export const DEFAULT_ENGINE_OPTIONS: EngineOptions = { kernels: 'auto', adapter: null };

/** A started engine. */
export interface Engine {
  name: EngineName;
  /** A readable name of the hardware. */
  device: string;
  /** One line that says which engine was chosen, and why the others were not. */
  reason: string;
  /** What the GPU offers, for display. Only of `webgpu`. */
  offers?: string;
  /** Whether each of two networks gets a worker thread with its own engine, or both share this one. */
  twins: 'workers' | 'together';
  /** The options that it was started with. Engines of worker threads get the same ones. */
  options: EngineOptions;
}
