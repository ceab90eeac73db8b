import type { BackendWasm } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';

type Allocate = ((bytes: number) => number) & { refuses?: boolean };

interface Heap {
  _malloc: Allocate;
  _free(address: number): void;
  HEAPU8: Uint8Array;
}

const MEBIBYTE = 2 ** 20;

/**
 * Makes the wasm engine of this thread, which must be the backend, throw when it is out of memory. Otherwise its allocator
 * returns address 0, and TensorFlow.js would write there.
 */
export function refuseFailedAllocations(): void {
  const wasm = (tf.backend() as BackendWasm).wasm as unknown as Heap;
  // Emscripten's function replaces itself on its first call. Call it once now, so that it does not overwrite ours later.
  if (!wasm._malloc.refuses) wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  if (allocate.refuses) return;
  const refusing: Allocate = (bytes) => {
    const address = allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    const [wanted, held] = [bytes, wasm.HEAPU8.length].map((size) => Math.ceil(size / MEBIBYTE));
    throw new Error(
      `the wasm engine is out of memory: cannot allocate another ${wanted} MiB; ${held} of at most 4,096 MiB are in use; ` +
        'use a smaller batch, crop or network width',
    );
  };
  refusing.refuses = true;
  wasm._malloc = refusing;
}
