/**
 * PyTorch keeps a convolution's filter as outputs, inputs, height, width (OIHW); TensorFlow.js computes with height, width,
 * inputs, outputs (HWIO). Tensors of another rank are the same in both.
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

/** Values in PyTorch's order; those of a filter are a copy. */
export function toPytorch({ shape, values }: ShapedValues): Float32Array {
  if (shape.length !== 4) return values;
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  return transposed(values, height * width, inputs, outputs);
}

/** A tensor of a PyTorch file as the network holds it. */
export function fromPytorch({ shape, values }: ShapedValues): { shape: number[]; values: Float32Array } {
  if (shape.length !== 4) return { shape: [...shape], values };
  const [outputs, inputs, height, width] = shape as [number, number, number, number];
  // The way back is the same exchange of the first and the last of three axes.
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
