export interface Conv2dOptions {
  /** Distance in pixels between two outputs; default 1. */
  stride?: number;
  /** Distance in pixels between two taps of the filter; default 1. */
  dilation?: number;
  /** Zeros added on each of the four sides; default 0, at most dilation * (kernel - 1). */
  padding?: number;
}

/** The geometry of a convolution: sizes in pixels and channels. */
export interface ConvGeometry {
  stride: number;
  dilation: number;
  padding: number;
  kernel: [number, number];
  /** N, H, W, C of the input. */
  input: [number, number, number, number];
  /** N, H, W, C of the output. */
  output: [number, number, number, number];
}

/** @throws Error when the filter does not fit the input. */
export function convGeometry(x: number[], filter: number[], options: Conv2dOptions): ConvGeometry {
  const { stride = 1, dilation = 1, padding = 0 } = options;
  const [batch, height, width, channels] = x as [number, number, number, number];
  const [rows, columns, inputs, outputs] = filter as [number, number, number, number];
  const describe = `conv2d of [${x}] with filter [${filter}], stride ${stride}, dilation ${dilation}, padding ${padding}`;
  if (inputs !== channels)
    throw new Error(`${describe}: the filter takes ${inputs} channels, but the input has ${channels}`);
  if (padding > dilation * (Math.min(rows, columns) - 1)) {
    throw new Error(`${describe}: padding must not exceed dilation * (kernel - 1)`);
  }
  const size = (length: number, kernel: number) =>
    Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const output: ConvGeometry['output'] = [batch, size(height, rows), size(width, columns), outputs];
  if (output[1] < 1 || output[2] < 1) throw new Error(`${describe}: the filter is larger than the padded input`);
  return { stride, dilation, padding, kernel: [rows, columns], input: [batch, height, width, channels], output };
}
