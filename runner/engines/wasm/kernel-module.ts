import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Pointer = number;

/** The functions of the kernels' module, as runner/engines/wasm/kernels/assembly defines them. */
export interface KernelModule {
  convolve(...xFilterYThenSizes: [Pointer, Pointer, Pointer, ...sizes: number[]]): void;
  /** The filter's channel axes are exchanged. */
  convolveBack(...dyFilterDxThenSizes: [Pointer, Pointer, Pointer, ...sizes: number[]]): void;
  filterGradient(...xDyDwThenSizes: [Pointer, Pointer, Pointer, ...sizes: number[]]): void;
  transposeTaps(filter: Pointer, out: Pointer, taps: number, inputs: number, outputs: number): void;
  channelSums(x: Pointer, centre: Pointer, sums: Pointer, squares: Pointer, rows: number, channels: number): void;
  scaleShift(x: Pointer, factor: Pointer, shift: Pointer, out: Pointer, rows: number, c: number, slope: number): void;
  normGradientSums(...pointersThenRowsChannelsSlope: number[]): void;
  normGradient(...pointersThenRowsChannelsSlope: number[]): void;
  /** Returns the number of labels that are neither a class nor `ignore`. */
  crossEntropy(
    ...logitsLabelsGradientLossThenSizes: [
      Pointer,
      Pointer,
      Pointer,
      Pointer,
      pixels: number,
      c: number,
      ignore: number,
    ]
  ): number;
  argmax(logits: Pointer, out: Pointer, pixels: number, classes: number): void;
  addRelu(a: Pointer, b: Pointer, out: Pointer, bytes: number): void;
  maskPositive(dy: Pointer, y: Pointer, out: Pointer, bytes: number): void;
  sgd(...pointersThenBytesRateMomentumDecay: number[]): void;
  resizeGradient(dy: Pointer, dx: Pointer, ...sizes: number[]): void;
  maxPoolGradient(x: Pointer, y: Pointer, dy: Pointer, dx: Pointer, ...sizes: number[]): void;
}

/**
 * The kernels on the memory of TensorFlow.js's wasm engine.
 * @throws Error when they have not been compiled.
 */
export async function loadKernelModule(memory: WebAssembly.Memory): Promise<KernelModule> {
  const path = kernelPath();
  const { instance } = await WebAssembly.instantiate(readFileSync(path), { env: { memory } });
  return instance.exports as unknown as KernelModule;
}

/** Beside this file when compiled; under dist when a test runs the source. */
function kernelPath(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, 'kernels.wasm'), join(here, '../../../dist/runner/engines/wasm/kernels.wasm')];
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error(`the wasm kernels are missing (${candidates[0]}); run "npm run build:kernels"`);
  return found;
}
