import type { MaxPoolOptions } from '../../operations/max-pool.js';
import type { HeapKernel } from './heap.js';
import { type Heap, sizeOf } from './heap.js';
import type { KernelModule } from './kernel-module.js';

/** Kernels over the classes of each pixel, resizing and pooling. */
export function pixelKernels(module: KernelModule, heap: Heap) {
  const crossEntropy: HeapKernel = ({ logits, labels, weights }, attributes) => {
    const { ignoreIndex, gamma } = attributes as { ignoreIndex: number; gamma: number };
    const classes = logits!.shape.at(-1)!;
    const pixels = sizeOf(logits!.shape) / classes;
    const loss = heap.output([]);
    const gradient = heap.output(logits!.shape);
    const pointers = [logits!, labels!, weights ?? labels!, gradient, loss].map((tensor) => heap.at(tensor));
    const wrong = module.crossEntropy(...pointers, pixels, classes, ignoreIndex, weights ? 1 : 0, gamma);
    requireLabels('crossEntropy', wrong, classes, ignoreIndex);
    return [loss, gradient];
  };

  const lovasz: HeapKernel = ({ probabilities, labels }, attributes) => {
    const { ignoreIndex } = attributes as { ignoreIndex: number };
    const classes = probabilities!.shape.at(-1)!;
    const pixels = sizeOf(probabilities!.shape) / classes;
    const loss = heap.output([]);
    const gradient = heap.output(probabilities!.shape);
    const pointers = [probabilities!, labels!, gradient, loss].map((tensor) => heap.at(tensor));
    const wrong = module.lovasz(...pointers, pixels, classes, ignoreIndex);
    requireLabels('lovasz', wrong, classes, ignoreIndex);
    return [loss, gradient];
  };

  const trueClass: HeapKernel = ({ logits, labels }, attributes) => {
    const { ignoreIndex } = attributes as { ignoreIndex: number };
    const classes = logits!.shape.at(-1)!;
    const out = heap.output(labels!.shape);
    const [from, by, to] = [heap.at(logits!), heap.at(labels!), heap.at(out)];
    const wrong = module.trueClass(from, by, to, sizeOf(labels!.shape), classes, ignoreIndex);
    requireLabels('trueClass', wrong, classes, ignoreIndex);
    return [out];
  };

  const argmax: HeapKernel = ({ logits }) => {
    const classes = logits!.shape.at(-1)!;
    const labels = heap.output(logits!.shape.slice(0, -1), 'int32');
    module.argmax(heap.at(logits!), heap.at(labels), sizeOf(labels.shape), classes);
    return [labels];
  };

  const resize: HeapKernel = ({ x }, attributes) => {
    const { height, width } = attributes as { height: number; width: number };
    const [batch, rows, columns, channels] = x!.shape as [number, number, number, number];
    const y = heap.output([batch, height, width, channels]);
    module.resize(heap.at(x!), heap.at(y), batch, rows, columns, channels, height, width);
    return [y];
  };

  const resizeGradient: HeapKernel = ({ dy }, attributes) => {
    const { height, width } = attributes as { height: number; width: number };
    const [batch, rows, columns, channels] = dy!.shape as [number, number, number, number];
    const dx = heap.output([batch, height, width, channels]);
    module.resizeGradient(heap.at(dy!), heap.at(dx), batch, height, width, channels, rows, columns);
    return [dx];
  };

  const maxPool: HeapKernel = ({ x }, attributes) => {
    const { size, stride, padding } = attributes as MaxPoolOptions;
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const side = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
    const y = heap.output([batch, side(height), side(width), channels]);
    module.maxPool(heap.at(x!), heap.at(y), ...x!.shape, y.shape[1]!, y.shape[2]!, size, stride, padding);
    return [y];
  };

  const maxPoolGradient: HeapKernel = ({ x, y, dy }, attributes) => {
    const { size, stride, padding } = attributes as MaxPoolOptions;
    const dx = heap.output(x!.shape);
    const pointers = [x!, y!, dy!, dx].map((tensor) => heap.at(tensor)) as [number, number, number, number];
    module.maxPoolGradient(...pointers, ...x!.shape, y!.shape[1]!, y!.shape[2]!, size, stride, padding);
    return [dx];
  };

  return { crossEntropy, lovasz, trueClass, argmax, resize, resizeGradient, maxPool, maxPoolGradient };
}

function requireLabels(kernel: string, wrong: number, classes: number, ignoreIndex: number): void {
  if (wrong === 0) return;
  throw new Error(`${kernel}: ${wrong} labels are neither classes (0 to ${classes - 1}) nor ${ignoreIndex} (ignored)`);
}
