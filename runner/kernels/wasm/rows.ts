import type { Window } from '../../operations/windows.js';
import type { HeapKernel } from './heap.js';
import { type Heap, sizeOf } from './heap.js';
import type { KernelModule } from './kernel-module.js';

/** Kernels that join and split tensors, row by row. */
export function rowKernels(module: KernelModule, heap: Heap) {
  const concat: HeapKernel = (inputs, attributes) => {
    const { axis } = attributes as { axis: number };
    const parts = Object.values(inputs);
    const shape = [...parts[0]!.shape];
    shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
    const out = heap.output(shape);
    const whole = rowsOf(shape, axis);
    let offset = 0;
    for (const part of parts) {
      const { width } = rowsOf(part.shape, axis);
      module.copyRows(heap.at(part), width, heap.at(out) + 4 * offset, whole.width, whole.rows, width);
      offset += width;
    }
    return [out];
  };

  const split: HeapKernel = ({ x }, attributes) => {
    const { axis, sizes } = attributes as { axis: number; sizes: number[] };
    const whole = rowsOf(x!.shape, axis);
    let offset = 0;
    return sizes.map((size) => {
      const out = heap.output(x!.shape.with(axis, size));
      const { width } = rowsOf(out.shape, axis);
      module.copyRows(heap.at(x!) + 4 * offset, whole.width, heap.at(out), width, whole.rows, width);
      offset += width;
      return out;
    });
  };

  const cutWindow: HeapKernel = ({ x }, attributes) => {
    const window = attributes as Window;
    const [count, height, width, channels] = x!.shape as [number, number, number, number];
    const out = heap.output([count, window.height, window.width, channels]);
    const [step, row] = [width * channels, window.width * channels];
    for (let image = 0; image < count; image++) {
      const from = heap.at(x!) + 4 * ((image * height + window.top) * step + window.left * channels);
      module.copyRows(from, step, heap.at(out) + 4 * image * window.height * row, row, window.height, row);
    }
    return [out];
  };

  const addWindow: HeapKernel = ({ sum, x }, attributes) => {
    const { top, left } = attributes as Pick<Window, 'top' | 'left'>;
    const [count, height, width, channels] = sum!.shape as [number, number, number, number];
    const [, rows, columns] = x!.shape as [number, number, number, number];
    const out = heap.output(sum!.shape);
    const size = sizeOf(sum!.shape);
    module.copyRows(heap.at(sum!), size, heap.at(out), size, 1, size);
    const [step, row] = [width * channels, columns * channels];
    for (let image = 0; image < count; image++) {
      const to = heap.at(out) + 4 * ((image * height + top) * step + left * channels);
      module.addRows(heap.at(x!) + 4 * image * rows * row, row, to, step, rows, row);
    }
    return [out];
  };

  return { concat, split, cutWindow, addWindow };
}

/** A tensor as rows, for joining along `axis`: everything from that axis on is contiguous and forms a row. */
function rowsOf(shape: number[], axis: number): { rows: number; width: number } {
  return { rows: sizeOf(shape.slice(0, axis)), width: sizeOf(shape.slice(axis)) };
}
