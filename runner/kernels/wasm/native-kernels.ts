import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compiledFile } from '../../compiled/compiled-file.js';
import type { Heap } from './heap.js';
import type { KernelModule, LoadedKernels } from './kernel-module.js';

/** kernels/native/addon.cc. */
interface Addon {
  /** Those that this processor has, best first. */
  instructionSets: string[];
  load(instructionSet: string | null): { name: string; kernels: Record<string, NativeKernel> };
  setThreads(count: number): void;
}

type NativeKernel = (heap: ArrayBufferLike, ...numbers: number[]) => number;

/** Whether the native kernels were compiled; `npm ci` does so where it finds a C++ compiler. */
export function hasNativeKernels(): boolean {
  return existsSync(addonFile());
}

/** The instruction sets of this processor that there are kernels for, best first. */
export function nativeInstructionSets(): string[] {
  return openAddon().instructionSets;
}

export interface NativeOptions {
  /** Threads that compute for this thread of JavaScript, itself included. */
  threads: number;
  /** One of `nativeInstructionSets()`; the best one unless given. */
  instructionSet?: string;
}

/**
 * The native kernels, which work in place on the heap of TensorFlow.js's wasm engine. Each thread of JavaScript has its own.
 * @throws Error when they were not compiled, or the instruction set is not this processor's.
 */
export function loadNativeKernels(heap: Heap, { threads, instructionSet }: NativeOptions): LoadedKernels {
  const addon = openAddon();
  addon.setThreads(threads);
  const { name, kernels } = addon.load(instructionSet ?? null);
  // The buffer is asked for at every call: it is another one after the heap has grown.
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
