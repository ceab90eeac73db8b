import type { tf } from '../../operations/tf.js';
import type { HeapKernel } from './heap.js';
import { type Heap, sizeOf } from './heap.js';
import type { KernelModule } from './kernel-module.js';

/** A mean is computed as if the values were pixels with this many channels: a multiple of the longest vectors. */
const LANES = 64;

/** Long sums, in float64. */
export function sumKernels(module: KernelModule, heap: Heap) {
  /** The sum of each channel of `rows` pixels. */
  const sumsOf = (x: tf.TensorInfo, rows: number, channels: number): Float64Array =>
    // Besides the sums, the module writes the sums of the squares, and reads a centre, which is 0 here.
    heap.withScratch(20 * channels, (scratch) => {
      const squares = scratch + 8 * channels;
      const centre = squares + 8 * channels;
      new Float32Array(heap.memory.buffer, centre, channels).fill(0);
      module.channelSums(heap.at(x), centre, scratch, squares, rows, channels);
      return new Float64Array(heap.memory.buffer, scratch, channels).slice();
    });

  const mean: HeapKernel = ({ x }) => {
    const size = sizeOf(x!.shape);
    const rows = Math.floor(size / LANES);
    const out = heap.output([]);
    const parts = [...sumsOf(x!, rows, LANES), ...heap.float32(x!).subarray(rows * LANES)];
    heap.float32(out)[0] = parts.reduce((sum, part) => sum + part, 0) / size;
    return [out];
  };

  const channelSum: HeapKernel = ({ x }) => {
    const channels = x!.shape.at(-1)!;
    const out = heap.output([channels]);
    heap.float32(out).set(sumsOf(x!, sizeOf(x!.shape) / channels, channels));
    return [out];
  };

  return { mean, channelSum };
}
