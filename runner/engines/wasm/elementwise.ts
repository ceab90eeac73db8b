import type { SgdOptions } from '../operations/sgd.js';
import { type Heap, sizeOf } from './heap.js';
import type { KernelModule } from './kernel-module.js';
import type { HeapKernel } from './register.js';

export function elementwiseKernels(module: KernelModule, heap: Heap) {
  /** Rows of a tensor as seen by joining along `axis`: everything from that axis on lies in one piece. */
  const rowsOf = (shape: number[], axis: number) => ({
    rows: sizeOf(shape.slice(0, axis)),
    width: sizeOf(shape.slice(axis)),
  });

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

  const addRelu: HeapKernel = ({ a, b }) => {
    const out = heap.output(a!.shape);
    module.addRelu(heap.at(a!), heap.at(b!), heap.at(out), sizeOf(a!.shape));
    return [out];
  };

  const addReluGradient: HeapKernel = ({ dy, y }) => {
    const out = heap.output(y!.shape);
    module.maskPositive(heap.at(dy!), heap.at(y!), heap.at(out), sizeOf(y!.shape));
    return [out];
  };

  const sgd: HeapKernel = ({ variable, gradient, velocity }, attributes) => {
    const { learningRate, momentum, weightDecay } = attributes as SgdOptions;
    const outputs = [heap.output(variable!.shape), heap.output(variable!.shape)];
    const pointers = [variable!, gradient!, velocity!, ...outputs].map((tensor) => heap.at(tensor));
    module.sgd(...pointers, sizeOf(variable!.shape), learningRate, momentum, weightDecay);
    return outputs;
  };

  return { concat, split, addRelu, addReluGradient, sgd };
}
