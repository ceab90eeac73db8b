import { ENGINE_NAMES, type EngineName } from '../../schema/engines.js';

/** `auto`: the best that works on the machine. */
export const ENGINE_CHOICES = ['auto', ...ENGINE_NAMES] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** Which own kernels `wasm` uses: compiled for this processor, the portable SIMD ones, or the best that work here. */
export const KERNEL_CHOICES = ['auto', 'native', 'simd'] as const;

export type KernelChoice = (typeof KERNEL_CHOICES)[number];

/** What a machine's owner chose about its engine when it was registered. */
export interface EngineOptions {
  kernels: KernelChoice;
  /** Which GPU `webgpu` uses, by its place in the list or a part of its name; null takes the first real one. */
  adapter: string | null;
}

export const DEFAULT_ENGINE_OPTIONS: EngineOptions = { kernels: 'auto', adapter: null };

/** An engine that was started. */
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
