import type { BackendWasm, tf } from '../../operations/tf.js';

/** One kernel: reads its inputs on the heap, returns new outputs on it. */
export type HeapKernel = (inputs: Record<string, tf.TensorInfo>, attributes: object) => tf.TensorInfo[];

/** The memory that TensorFlow.js's wasm engine keeps its tensors in. It moves when it grows: views live for one use. */
export class Heap {
  readonly memory: WebAssembly.Memory;

  constructor(private readonly backend: BackendWasm) {
    // Emscripten's exports are not in the type, though they are what makes sharing possible.
    const { asm } = backend.wasm as unknown as { asm: { memory: WebAssembly.Memory } };
    this.memory = asm.memory;
  }

  /** Address of a tensor's values. */
  at(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new tensor whose values are yet to be written. */
  output(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
    return this.backend.makeOutput(shape, dtype);
  }

  float32(tensor: tf.TensorInfo): Float32Array {
    return new Float32Array(this.memory.buffer, this.at(tensor), sizeOf(tensor.shape));
  }

  /** Runs `use` with the address of `bytes` bytes that are free again afterwards. */
  withScratch<T>(bytes: number, use: (address: number) => T): T {
    const scratch = this.output([Math.ceil(bytes / 4)]);
    try {
      return use(this.at(scratch));
    } finally {
      this.backend.disposeData(scratch.dataId);
    }
  }
}

export function sizeOf(shape: number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
