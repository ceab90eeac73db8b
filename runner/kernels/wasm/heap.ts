import type { BackendWasm, tf } from '../../operations/tf.js';

/** A kernel that reads its inputs from the heap and returns new outputs on it. */
export type HeapKernel = (inputs: Record<string, tf.TensorInfo>, attributes: object) => tf.TensorInfo[];

/** The memory of the tensors of TensorFlow.js's wasm engine. It moves when it grows, so views are only valid for one use. */
export class Heap {
  readonly memory: WebAssembly.Memory;

  constructor(private readonly backend: BackendWasm) {
    // Emscripten's exports are not in the type, but they are needed to share the memory.
    const { asm } = backend.wasm as unknown as { asm: { memory: WebAssembly.Memory } };
    this.memory = asm.memory;
  }

  /** The address of a tensor's values. */
  at(tensor: tf.TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new tensor with uninitialised values. */
  output(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
    return this.backend.makeOutput(shape, dtype);
  }

  float32(tensor: tf.TensorInfo): Float32Array {
    return new Float32Array(this.memory.buffer, this.at(tensor), sizeOf(tensor.shape));
  }

  /** Runs `use` with the address of `bytes` bytes of scratch memory, which is freed afterwards. */
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
