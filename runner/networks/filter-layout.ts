/**
 * PyTorch stores a convolution's filter as outputs, inputs, height, width (OIHW). TensorFlow.js uses height, width,
 * inputs, outputs (HWIO). Tensors of any other rank are the same in both.
 */
export interface ShapedValues {
  shape: readonly number[];
  values: Float32Array;
}

/** The shape in PyTorch's order. */
export function pytorchShape(shape: readonly number[]): number[] {
  const [height, width, inputs, outputs] = shape;
  return shape.length === 4 ? [outputs!, inputs!, height!, width!] : [...shape];
}

/** The values in PyTorch's order. For a filter, they are a copy. */
export function toPytorch({ shape, values }: ShapedValues): Float32Array {
  if (shape.length !== 4) return values;
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  return transposed(values, height * width, inputs, outputs);
}

/** Converts a tensor from a PyTorch file to the network's layout. */
export function fromPytorch({ shape, values }: ShapedValues): { shape: number[]; values: Float32Array } {
  if (shape.length !== 4) return { shape: [...shape], values };
  const [outputs, inputs, height, width] = shape as [number, number, number, number];
  // The inverse also swaps the first and last of three axes.
  return { shape: [height, width, inputs, outputs], values: transposed(values, outputs, inputs, height * width) };
}

/** [first, middle, last] → [last, middle, first]. */
function transposed(values: Float32Array, first: number, middle: number, last: number): Float32Array {
  const out = new Float32Array(values.length);
  const step = middle * last;
  let at = 0;
  for (let l = 0; l < last; l++) {
    for (let m = 0; m < middle; m++) {
      for (let from = m * last + l, f = 0; f < first; f++, from += step) out[at++] = values[from]!;
    }
  }
  return out;
}
