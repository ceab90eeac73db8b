import { getHeapStatistics } from 'node:v8';
import { tf } from './tf.js';

export interface EngineMemory {
  tensors: number;
  /** The total size of all tensors' values. */
  tensorBytes: number;
  /** The heap of the wasm engine; null for other engines. It never shrinks, so this is also its peak. */
  heapBytes: number | null;
  /** The JavaScript objects of this thread. If Node was started with --expose-gc, garbage is collected first. */
  scriptBytes: number;
}

/** The memory that this thread's engine uses now. */
export function engineMemory(): EngineMemory {
  globalThis.gc?.();
  const { numTensors, numBytes } = tf.memory();
  const { wasm } = tf.backend() as { wasm?: { HEAPU8: Uint8Array } };
  return {
    tensors: numTensors,
    tensorBytes: numBytes,
    heapBytes: wasm ? wasm.HEAPU8.length : null,
    scriptBytes: getHeapStatistics().used_heap_size,
  };
}
