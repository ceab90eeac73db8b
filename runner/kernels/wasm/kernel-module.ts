type Pointer = number;

/**
 * The functions of a set of kernels. Pointers are addresses in the heap of TensorFlow.js's wasm engine; tensors are NHWC
 * float32, filters HWIO. The `sizes` of a convolution are n, h, w, ci, oh, ow, co, kh, kw, stride, dilation, padding.
 */
export interface KernelModule {
  convolve(x: Pointer, filter: Pointer, y: Pointer, ...sizes: number[]): void;
  convolveBack(dy: Pointer, filter: Pointer, dx: Pointer, ...sizes: number[]): void;
  filterGradient(x: Pointer, dy: Pointer, dw: Pointer, ...sizes: number[]): void;
  /** The sums of x - centre and of its square per channel, in float64. */
  channelSums(x: Pointer, centre: Pointer, sums: Pointer, squares: Pointer, rows: number, channels: number): void;
  scaleShift(x: Pointer, factor: Pointer, shift: Pointer, out: Pointer, rows: number, c: number, slope: number): void;
  normGradientSums(...pointersThenRowsChannelsSlope: number[]): void;
  normGradient(...pointersThenRowsChannelsSlope: number[]): void;
  /** Returns the number of labels that are neither a class nor `ignore`. */
  crossEntropy(...logitsLabelsWeightsGradientLossThenPixelsClassesIgnoreHasWeightsGamma: number[]): number;
  /** Returns the number of labels that are neither a class nor `ignore`. */
  lovasz(...probabilitiesLabelsGradientLossThenPixelsClassesIgnore: number[]): number;
  /** Returns the number of labels that are neither a class nor `ignore`. */
  trueClass(logits: Pointer, labels: Pointer, out: Pointer, pixels: number, classes: number, ignore: number): number;
  argmax(logits: Pointer, out: Pointer, pixels: number, classes: number): void;
  /** Copies rows of `width` values. Source and destination may have gaps between their rows. */
  copyRows(from: Pointer, fromStep: number, to: Pointer, toStep: number, rows: number, width: number): void;
  /** Adds rows of `width` values to those at `to`. Source and destination may have gaps between their rows. */
  addRows(from: Pointer, fromStep: number, to: Pointer, toStep: number, rows: number, width: number): void;
  addRelu(a: Pointer, b: Pointer, out: Pointer, count: number): void;
  maskPositive(dy: Pointer, y: Pointer, out: Pointer, count: number): void;
  sgd(...pointersThenCountRateMomentumDecay: number[]): void;
  /** `sizes`: n, h, w, c of x, then oh, ow. */
  resize(x: Pointer, y: Pointer, ...sizes: number[]): void;
  resizeGradient(dy: Pointer, dx: Pointer, ...sizes: number[]): void;
  /** `sizes`: n, h, w, c of x, oh, ow, size, stride, padding. */
  maxPool(x: Pointer, y: Pointer, ...sizes: number[]): void;
  maxPoolGradient(x: Pointer, y: Pointer, dy: Pointer, dx: Pointer, ...sizes: number[]): void;
}

export interface LoadedKernels {
  module: KernelModule;
  /** The name of the set and the instructions that it uses, for display. */
  description: string;
}
