import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engines/engine.js';
import type { BackendWasm } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { Heap } from './heap.js';
import type { KernelModule } from './kernel-module.js';
import { hasNativeKernels, loadNativeKernels, nativeInstructionSets } from './native-kernels.js';
import { loadSimdKernels } from './simd-kernels.js';

/** A machine without a C++ compiler has no native kernels. With CI=true the tests then fail instead of being skipped. */
const skipped = !hasNativeKernels() && process.env.CI !== 'true';

/** n, h, w, ci, co, kernel, stride, dilation, padding; full and partial vectors, panels and tiles; taps outside the image. */
const CONVOLUTIONS: [string, number[]][] = [
  ['a stem', [2, 17, 22, 3, 16, 3, 2, 1, 1]],
  ['channels that do not fill a vector', [2, 9, 13, 12, 11, 3, 1, 1, 1]],
  ['many channels, not a multiple of the vector width', [1, 7, 9, 76, 130, 3, 1, 1, 1]],
  ['a classifier', [2, 6, 7, 64, 21, 1, 1, 1, 0]],
  ['one channel to one', [2, 8, 8, 1, 1, 3, 1, 1, 1]],
  ['a projection with a stride', [2, 9, 7, 20, 40, 1, 2, 1, 0]],
  ['a dilation beyond the image', [1, 6, 8, 36, 24, 3, 1, 18, 18]],
  ['stride and dilation', [2, 15, 14, 8, 20, 3, 2, 2, 2]],
  ['few channels from many, over several images', [3, 11, 14, 40, 16, 3, 1, 2, 2]],
  ['a 7x7 stem', [1, 20, 19, 3, 8, 7, 2, 1, 3]],
];

/** The results of every kernel for hashed numbers, by name. */
function results(module: KernelModule, heap: Heap): Record<string, Float32Array> {
  const out: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const numbers = (size: number, seed: number) =>
      tf.tensor1d(Float32Array.from({ length: size }, (_, i) => Math.sin((i + 1) * seed * 12.9898) * 1.5));
    const run = (name: string, size: number, kernel: (at: number) => void, inputs: tf.Tensor[]) => {
      // NaN, so that values that a kernel forgets to write are noticed.
      const result = tf.fill([size], Number.NaN);
      // Using the tensors puts their values on the heap, so that they have an address.
      for (const tensor of [...inputs, result]) tf.add(tensor, 0).dispose();
      kernel(heap.at(result));
      out[name] = heap.float32(result).slice();
    };

    for (const [name, [n, h, w, ci, co, k, stride, dilation, padding]] of CONVOLUTIONS as [string, number[]][]) {
      const side = (length: number) => Math.floor((length + 2 * padding! - dilation! * (k! - 1) - 1) / stride!) + 1;
      const sizes = [n, h, w, ci, side(h!), side(w!), co, k, k, stride, dilation, padding] as number[];
      const x = numbers(n! * h! * w! * ci!, 1);
      const filter = numbers(k! * k! * ci! * co!, 2);
      const dy = numbers(n! * side(h!) * side(w!) * co!, 3);
      const at = (tensor: tf.Tensor) => heap.at(tensor);
      run(`${name}: y`, dy.size, (y) => module.convolve(at(x), at(filter), y, ...sizes), [x, filter]);
      run(`${name}: dx`, x.size, (dx) => module.convolveBack(at(dy), at(filter), dx, ...sizes), [dy, filter]);
      run(`${name}: dw`, filter.size, (dw) => module.filterGradient(at(x), at(dy), dw, ...sizes), [x, dy]);
    }

    for (const channels of [4, 21, 40]) {
      const rows = 4500;
      const x = numbers(rows * channels, 4);
      const dy = numbers(rows * channels, 5);
      const [a, b, c, d] = [6, 7, 8, 9].map((seed) => numbers(channels, seed));
      const [f, s, m, e] = [a!, b!, c!, d!];
      const at = (tensor: tf.Tensor) => heap.at(tensor);
      const doubles = (name: string, kernel: (first: number, second: number) => void) =>
        run(name, 4 * channels, (to) => kernel(to, to + 8 * channels), [x, dy, f, s, m, e]);
      const whole = (name: string, kernel: (to: number) => void) => run(name, x.size, kernel, [x, dy, f, s, m, e]);
      const tail = [rows, channels, 0.01] as const;
      doubles(`sums of ${channels}`, (p, q) => module.channelSums(at(x), at(m), p, q, rows, channels));
      doubles(`gradient sums of ${channels}`, (p, q) =>
        module.normGradientSums(at(x), at(dy), at(f), at(s), at(m), p, q, ...tail),
      );
      whole(`norm of ${channels}`, (to) => module.scaleShift(at(x), at(f), at(s), to, ...tail));
      whole(`norm gradient of ${channels}`, (to) =>
        module.normGradient(at(x), at(dy), at(f), at(s), at(m), at(e), to, ...tail),
      );
    }

    for (const classes of [2, 11, 21]) {
      const pixels = 5003;
      const logits = numbers(pixels * classes, 10);
      const labels = tf.tensor1d(
        Int32Array.from({ length: pixels }, (_, i) => (i % 7 === 0 ? 255 : (i * 31) % classes)),
        'int32',
      );
      const loss = numbers(1, 11);
      const weights = numbers(classes, 12).abs();
      const at = (tensor: tf.Tensor) => heap.at(tensor);
      const inputs = [logits, labels, weights, loss];
      const entropy = (to: number, hasWeights: 0 | 1, gamma: number) => {
        const pointers = [at(logits), at(labels), at(weights), to, at(loss)];
        return module.crossEntropy(...pointers, pixels, classes, 255, hasWeights, gamma);
      };
      run(`entropy gradient of ${classes}`, logits.size, (to) => expect(entropy(to, 0, 0)).toBe(0), inputs);
      out[`entropy of ${classes}`] = heap.float32(loss).slice();
      run(`weighted focal gradient of ${classes}`, logits.size, (to) => expect(entropy(to, 1, 1.5)).toBe(0), inputs);
      out[`weighted focal loss of ${classes}`] = heap.float32(loss).slice();
      const trueClass = (to: number) => module.trueClass(at(logits), at(labels), to, pixels, classes, 255);
      run(`true class of ${classes}`, pixels, (to) => expect(trueClass(to)).toBe(0), inputs);
      run(`argmax of ${classes}`, pixels, (to) => module.argmax(at(logits), to, pixels, classes), inputs);
    }

    for (const channels of [3, 11, 32]) {
      const [n, h, w] = [2, 9, 10];
      const x = numbers(n * h * w * channels, 12)
        .relu()
        .reshape([n, h, w, channels]) as tf.Tensor4D;
      const large = numbers(n * 33 * 21 * channels, 13);
      const y = tf.maxPool(x, 3, 2, 1, 'floor');
      const dy = numbers(y.size, 14);
      const at = (tensor: tf.Tensor) => heap.at(tensor);
      const pooled = [n, h, w, channels, y.shape[1]!, y.shape[2]!, 3, 2, 1];
      run(`pool of ${channels}`, y.size, (to) => module.maxPool(at(x), to, ...pooled), [x]);
      const poolInputs = [x, y, dy];
      run(
        `pool gradient of ${channels}`,
        x.size,
        (to) => module.maxPoolGradient(at(x), at(y), at(dy), to, ...pooled),
        poolInputs,
      );
      const resized = [n, h, w, channels, 33, 21];
      run(`resize of ${channels}`, large.size, (to) => module.resize(at(x), to, ...resized), [x]);
      run(`resize gradient of ${channels}`, x.size, (to) => module.resizeGradient(at(large), to, ...resized), [large]);
    }

    const [a, b, c] = [15, 16, 17].map((seed) => numbers(70_001, seed));
    const at = (tensor: tf.Tensor) => heap.at(tensor);
    run('addRelu', a!.size, (to) => module.addRelu(at(a!), at(b!), to, a!.size), [a!, b!]);
    run('maskPositive', a!.size, (to) => module.maskPositive(at(a!), at(b!), to, a!.size), [a!, b!]);
    run('sgd', 2 * a!.size, (to) => module.sgd(at(a!), at(b!), at(c!), to, to + 4 * a!.size, a!.size, 0.1, 0.9, 0.01), [
      a!,
      b!,
      c!,
    ]);
    const rows = 60;
    const added = (to: number) => {
      module.copyRows(at(b!), 7, to, 7, rows, 7);
      module.addRows(at(a!) + 4, 9, to, 7, rows, 7);
    };
    run('addRows', rows * 7, added, [a!, b!]);
    run('copyRows', 60 * 5, (to) => module.copyRows(at(a!) + 8, 11, to, 5, 60, 5), [a!]);
  });
  return out;
}

/** The bits of float32 values, to compare them exactly, including NaN. */
const bits = (values: Float32Array) => [...new Uint32Array(values.buffer)];

describe('the sets of kernels of the wasm engine', () => {
  let heap: Heap;
  let simd: Record<string, Float32Array>;

  beforeAll(async () => {
    await startEngine('wasm');
    heap = new Heap(tf.backend() as BackendWasm);
    simd = results((await loadSimdKernels(heap)).module, heap);
  });

  it('write every value of every result', () => {
    for (const [name, values] of Object.entries(simd)) {
      if (!name.includes('sums')) expect(values.some(Number.isNaN), name).toBe(false);
    }
  });

  it.skipIf(skipped)('agree for all instruction sets', () => {
    expect(nativeInstructionSets().length).toBeGreaterThan(0);
    for (const instructionSet of nativeInstructionSets()) {
      const native = results(loadNativeKernels(heap, { threads: 1, instructionSet }).module, heap);
      expect(Object.keys(native)).toEqual(Object.keys(simd));
      for (const [name, expected] of Object.entries(simd)) {
        const what = `${name} with ${instructionSet}`;
        if (name.startsWith('argmax')) {
          expect(bits(native[name]!), what).toEqual(bits(expected));
          continue;
        }
        const view = (values: Float32Array) =>
          Array.from(name.includes('sums') ? new Float64Array(values.buffer) : values);
        const [actual, wanted] = [view(native[name]!), view(expected)];
        const largest = (numbers: number[]) => numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const error = largest(wanted.map((value, i) => value - actual[i]!));
        expect(error / largest(wanted), what).toBeLessThan(1e-5);
      }
    }
  });

  it.skipIf(skipped)('give the same numbers with one thread and with three', () => {
    const one = results(loadNativeKernels(heap, { threads: 1 }).module, heap);
    const three = results(loadNativeKernels(heap, { threads: 3 }).module, heap);
    for (const [name, values] of Object.entries(one)) expect(bits(three[name]!), name).toEqual(bits(values));
    loadNativeKernels(heap, { threads: 1 });
  });

  it.skipIf(skipped)('refuse an unknown instruction set, and wrong arguments', () => {
    expect(() => loadNativeKernels(heap, { threads: 1, instructionSet: 'MMX' })).toThrow('instruction set MMX');
    const { module } = loadNativeKernels(heap, { threads: 1 });
    expect(() => (module.argmax as (at: number) => void)(1)).toThrow('argmax takes the heap and 4 numbers, got 2');
  });
});
