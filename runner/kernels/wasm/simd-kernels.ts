import { existsSync, readFileSync } from 'node:fs';
import { compiledFile } from '../../compiled/compiled-file.js';
import type { Heap } from './heap.js';
import type { KernelModule, LoadedKernels } from './kernel-module.js';

/** Exports of the AssemblyScript module beyond the interface. It owns no memory, so scratch space is passed in. */
interface SimdExports extends KernelModule {
  trueClass(...logitsLabelsOutScratchThenPixelsClassesIgnore: number[]): number;
  transposeTaps(filter: number, out: number, taps: number, inputs: number, outputs: number): void;
}

/** Best first. Relaxed SIMD multiplies and adds in one instruction; Node supports it from version 21. */
const BUILDS = [
  { file: 'kernels.relaxed.wasm', description: 'AssemblyScript kernels (relaxed SIMD)' },
  { file: 'kernels.wasm', description: 'AssemblyScript kernels (SIMD)' },
];

/**
 * Loads the AssemblyScript kernels on the heap of TensorFlow.js's wasm engine, in the best build that this Node supports.
 * @throws Error when they have not been compiled.
 */
export async function loadSimdKernels(heap: Heap): Promise<LoadedKernels> {
  for (const { file, description } of BUILDS) {
    const path = compiledFile(file, import.meta.url);
    if (!existsSync(path)) throw new Error(`the wasm kernels are missing (${file}); run "npm run build:kernels"`);
    const bytes = readFileSync(path);
    if (!WebAssembly.validate(bytes)) continue;
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: heap.memory } });
    return { module: withScratchSpace(instance.exports as unknown as SimdExports, heap), description };
  }
  throw new Error(`Node ${process.version} has no WebAssembly SIMD; install Node 20.19 or later`);
}

function withScratchSpace(exports: SimdExports, heap: Heap): KernelModule {
  const convolveBack: KernelModule['convolveBack'] = (dy, filter, dx, ...sizes) => {
    const [, , , inputs, , , outputs, rows, columns] = sizes as [n: number, h: number, w: number, ...rest: number[]];
    const taps = rows! * columns!;
    heap.withScratch(4 * taps * inputs! * outputs!, (exchanged) => {
      exports.transposeTaps(filter, exchanged, taps, inputs!, outputs!);
      exports.convolveBack(dy, exchanged, dx, ...sizes);
    });
  };
  const withStretchedRows =
    (resize: KernelModule['resize']): KernelModule['resize'] =>
    (from, to, ...sizes) => {
      const [n, h, , c, , ow] = sizes as [n: number, h: number, w: number, c: number, oh: number, ow: number];
      heap.withScratch(4 * n * h * ow * c, (stretched) => resize(from, to, stretched, ...sizes));
    };
  const lovasz: KernelModule['lovasz'] = (...numbers) => {
    const [pixels, classes] = numbers.slice(4) as [number, number];
    return heap.withScratch(4 * (1024 + classes) + 16 * pixels, (scratch) =>
      exports.lovasz(...numbers.slice(0, 4), scratch, ...numbers.slice(4)),
    );
  };
  const trueClass: KernelModule['trueClass'] = (logits, labels, out, pixels, classes, ignore) =>
    heap.withScratch(4 * classes, (scratch) =>
      exports.trueClass(logits, labels, out, scratch, pixels, classes, ignore),
    );
  const resize = withStretchedRows(exports.resize);
  const resizeGradient = withStretchedRows(exports.resizeGradient);
  return { ...exports, convolveBack, lovasz, trueClass, resize, resizeGradient };
}
