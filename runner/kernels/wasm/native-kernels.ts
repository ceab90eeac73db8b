import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compiledFile } from '../../compiled/compiled-file.js';
import type { Heap } from './heap.js';
import type { KernelModule, LoadedKernels } from './kernel-module.js';

/** The exports of kernels/native/addon.cc. */
interface Addon {
  /** The instruction sets that this CPU supports, best first. */
  instructionSets: string[];
  load(instructionSet: string | null): { name: string; kernels: Record<string, NativeKernel> };
  setThreads(count: number): void;
}

type NativeKernel = (heap: ArrayBufferLike, ...numbers: number[]) => number;

/** Whether the native kernels were compiled. `npm ci` compiles them if it finds a C++ compiler. */
export function hasNativeKernels(): boolean {
  return existsSync(addonFile());
}

/** The instruction sets of this CPU that have kernels, best first. */
export function nativeInstructionSets(): string[] {
  return openAddon().instructionSets;
}

export interface NativeOptions {
  /** The number of threads that compute for this JavaScript thread, including itself. */
  threads: number;
  /** One of `nativeInstructionSets()`; the best one by default. */
  instructionSet?: string;
}

/**
 * Loads the native kernels, which work in place on the heap of TensorFlow.js's wasm engine. Each JavaScript thread has its own.
 * @throws Error when they were not compiled, or when this CPU does not support the instruction set.
 */
export function loadNativeKernels(heap: Heap, { threads, instructionSet }: NativeOptions): LoadedKernels {
  const addon = openAddon();
  addon.setThreads(threads);
  const { name, kernels } = addon.load(instructionSet ?? null);
  // The buffer is looked up at every call, because it is replaced when the heap grows.
  const onHeap =
    (kernel: NativeKernel) =>
    (...numbers: number[]) =>
      kernel(heap.memory.buffer, ...numbers);
  const functions = Object.entries(kernels).map(([kernel, run]) => [kernel, onHeap(run)]);
  return {
    module: Object.fromEntries(functions) as unknown as KernelModule,
    description: `native kernels (${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
  };
}

/**
 * Runs the loop of kernels/native/peak.h, with the instructions that this CPU's kernels use.
 * @param rounds at most 2^31 - 1
 * @returns the floating-point operations of all threads together, and how long they took
 */
export function timeMultiplyAdds(threads: number, rounds: number): { flop: number; milliseconds: number } {
  const addon = openAddon();
  addon.setThreads(threads);
  const { multiplyAdds } = addon.load(null).kernels;
  const start = performance.now();
  const flop = multiplyAdds!(new ArrayBuffer(0), rounds);
  return { flop, milliseconds: performance.now() - start };
}

function openAddon(): Addon {
  if (!hasNativeKernels()) {
    throw new Error(
      'the native kernels were not compiled; install a C++ compiler (Debian: apt-get install g++) and run "npm run build:kernels"',
    );
  }
  return createRequire(import.meta.url)(addonFile()) as Addon;
}

function addonFile(): string {
  return compiledFile('kernels.node', import.meta.url);
}
