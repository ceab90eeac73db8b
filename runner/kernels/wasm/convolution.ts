import type { ConvGeometry } from '../../operations/conv-geometry.js';
import type { Heap, HeapKernel } from './heap.js';
import type { KernelModule } from './kernel-module.js';

/** Convolution and both its gradients. */
export function convolutionKernels(module: KernelModule, heap: Heap) {
  const convolution: HeapKernel = ({ x, filter }, attributes) => {
    const geometry = attributes as ConvGeometry;
    const y = heap.output(geometry.output);
    module.convolve(heap.at(x!), heap.at(filter!), heap.at(y), ...sizes(geometry));
    return [y];
  };

  const convInputGradient: HeapKernel = ({ dy, filter }, attributes) => {
    const geometry = attributes as ConvGeometry;
    const dx = heap.output(geometry.input);
    module.convolveBack(heap.at(dy!), heap.at(filter!), heap.at(dx), ...sizes(geometry));
    return [dx];
  };

  const convFilterGradient: HeapKernel = ({ x, dy }, attributes) => {
    const geometry = attributes as ConvGeometry;
    const { input, output, kernel } = geometry;
    const dw = heap.output([kernel[0], kernel[1], input[3], output[3]]);
    module.filterGradient(heap.at(x!), heap.at(dy!), heap.at(dw), ...sizes(geometry));
    return [dw];
  };

  return { convolution, convInputGradient, convFilterGradient };
}

/** The native kernels keep a list of taps of this size on the stack. */
const MOST_TAPS = 49;

/** The sizes in the order of the module's arguments. */
function sizes({ input, output, kernel, stride, dilation, padding }: ConvGeometry): number[] {
  if (kernel[0] * kernel[1] > MOST_TAPS) {
    throw new Error(
      `a filter of ${kernel[0]}x${kernel[1]} is too large for the wasm engine's kernels; use at most 7x7`,
    );
  }
  return [...input, ...output.slice(1), ...kernel, stride, dilation, padding];
}
