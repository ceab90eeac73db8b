import type { SgdOptions } from '../../operations/sgd.js';
import type { HeapKernel } from './heap.js';
import { type Heap, sizeOf } from './heap.js';
import type { KernelModule } from './kernel-module.js';

export function elementwiseKernels(module: KernelModule, heap: Heap) {
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

  return { addRelu, addReluGradient, sgd };
}
