import { getHeapStatistics } from 'node:v8';
import { tf } from './tf.js';

export interface EngineMemory {
  tensors: number;
  /** What the tensors' values take together. */
  tensorBytes: number;
  /** The wasm engine's heap, which never shrinks, so it is also the most that was ever needed; null for other engines. */
  heapBytes: number | null;
  /** This thread's JavaScript objects; without the garbage among them when Node was started with --expose-gc. */
  scriptBytes: number;
}

/** What this thread's engine holds now. */
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
