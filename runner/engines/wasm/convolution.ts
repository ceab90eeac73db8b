import type { ConvGeometry } from '../operations/conv2d.js';
import type { Heap } from './heap.js';
import type { KernelModule } from './kernel-module.js';
import type { HeapKernel } from './register.js';

/** What the gradients of a convolution need beyond the engine's forward convolution. */
export function convolutionKernels(module: KernelModule, heap: Heap) {
  const convFilterGradient: HeapKernel = ({ x, dy }, attributes) => {
    const { input, output, kernel, stride, dilation, padding } = attributes as ConvGeometry;
    const dw = heap.output([kernel[0], kernel[1], input[3], output[3]]);
    const sizes = [...input, ...output.slice(1), ...kernel, stride, dilation, padding];
    module.filterGradient(heap.at(x!), heap.at(dy!), heap.at(dw), ...sizes);
    return [dw];
  };

  const flipFilter: HeapKernel = ({ filter }) => {
    const [rows, columns, inputs, outputs] = filter!.shape as [number, number, number, number];
    const turned = heap.output([rows, columns, outputs, inputs]);
    module.flipFilter(heap.at(filter!), heap.at(turned), rows * columns, inputs, outputs);
    return [turned];
  };

  const insertZeros: HeapKernel = ({ x }, attributes) => {
    const { stride, height, width } = attributes as { stride: number; height: number; width: number };
    const [batch, rows, columns, channels] = x!.shape as [number, number, number, number];
    const spread = heap.output([batch, height, width, channels]);
    module.insertZeros(heap.at(x!), heap.at(spread), batch, rows, columns, channels, height, width, stride);
    return [spread];
  };

  return { convFilterGradient, flipFilter, insertZeros };
}
