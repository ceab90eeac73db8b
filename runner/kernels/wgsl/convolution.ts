import type { ConvGeometry } from '../../operations/conv-geometry.js';
import type { WebGPUBackend } from '../../operations/tf.js';
import type { GpuKernel } from './program.js';
import { tiledProduct } from './tiled-product.js';

/** WGSL: the pixel of an NHWC image that a tap of the filter reads; -1 outside the image. */
const PIXEL_OF_TAP = `
  fn inputPixel(outputPixel : i32, tap : i32) -> i32 {
    let image = outputPixel / (uniforms.outputHeight * uniforms.outputWidth);
    let row = outputPixel / uniforms.outputWidth % uniforms.outputHeight;
    let column = outputPixel % uniforms.outputWidth;
    let y = row * uniforms.stride - uniforms.padding + tap / uniforms.kernelWidth * uniforms.dilation;
    let x = column * uniforms.stride - uniforms.padding + tap % uniforms.kernelWidth * uniforms.dilation;
    if (y < 0 || y >= uniforms.inputHeight || x < 0 || x >= uniforms.inputWidth) { return -1; }
    return (image * uniforms.inputHeight + y) * uniforms.inputWidth + x;
  }`;

const PIXEL_THAT_MET = `
  fn outputPixel(inputPixel : i32, tap : i32) -> i32 {
    let image = inputPixel / (uniforms.inputHeight * uniforms.inputWidth);
    let row = inputPixel / uniforms.inputWidth % uniforms.inputHeight;
    let column = inputPixel % uniforms.inputWidth;
    let y = row + uniforms.padding - tap / uniforms.kernelWidth * uniforms.dilation;
    let x = column + uniforms.padding - tap % uniforms.kernelWidth * uniforms.dilation;
    if (y < 0 || x < 0 || y % uniforms.stride != 0 || x % uniforms.stride != 0) { return -1; }
    let outputRow = y / uniforms.stride;
    let outputColumn = x / uniforms.stride;
    if (outputRow >= uniforms.outputHeight || outputColumn >= uniforms.outputWidth) { return -1; }
    return (image * uniforms.outputHeight + outputRow) * uniforms.outputWidth + outputColumn;
  }`;

/** The gradients of a convolution with any stride, dilation and padding. Forward, TensorFlow.js's own kernel is used. */
export function convolutionKernels(backend: WebGPUBackend) {
  const convInputGradient: GpuKernel = ({ dy, filter }, attributes) => {
    const geometry = attributes as ConvGeometry;
    const { input, output, kernel } = geometry;
    const dx = tiledProduct(backend, {
      name: 'convInputGradient',
      inputs: { dy: dy!, weights: filter! },
      shape: input,
      integers: integersOf(geometry),
      rows: input[0] * input[1] * input[2],
      columns: input[3],
      depth: kernel[0] * kernel[1] * output[3],
      leftRunsAlong: 'k',
      rightRunsAlong: 'k',
      code: `${PIXEL_THAT_MET}
        fn left(row : i32, k : i32) -> f32 {
          let pixel = outputPixel(row, k / uniforms.outputChannels);
          if (pixel < 0) { return 0.0; }
          return dy[pixel * uniforms.outputChannels + k % uniforms.outputChannels];
        }
        fn right(k : i32, column : i32) -> f32 {
          let tap = k / uniforms.outputChannels;
          let channel = k % uniforms.outputChannels;
          return weights[(tap * uniforms.inputChannels + column) * uniforms.outputChannels + channel];
        }`,
    });
    return [dx];
  };

  const convFilterGradient: GpuKernel = ({ x, dy }, attributes) => {
    const geometry = attributes as ConvGeometry;
    const { input, output, kernel } = geometry;
    const dw = tiledProduct(backend, {
      name: 'convFilterGradient',
      inputs: { x: x!, dy: dy! },
      shape: [kernel[0], kernel[1], input[3], output[3]],
      integers: integersOf(geometry),
      rows: kernel[0] * kernel[1] * input[3],
      columns: output[3],
      depth: output[0] * output[1] * output[2],
      leftRunsAlong: 'row',
      rightRunsAlong: 'column',
      code: `${PIXEL_OF_TAP}
        fn left(row : i32, k : i32) -> f32 {
          let pixel = inputPixel(k, row / uniforms.inputChannels);
          if (pixel < 0) { return 0.0; }
          return x[pixel * uniforms.inputChannels + row % uniforms.inputChannels];
        }
        fn right(k : i32, column : i32) -> f32 { return dy[k * uniforms.outputChannels + column]; }`,
    });
    return [dw];
  };

  return { convInputGradient, convFilterGradient };
}

function integersOf({ stride, dilation, padding, kernel, input, output }: ConvGeometry): Record<string, number> {
  return {
    stride,
    dilation,
    padding,
    kernelWidth: kernel[1],
    inputHeight: input[1],
    inputWidth: input[2],
    inputChannels: input[3],
    outputHeight: output[1],
    outputWidth: output[2],
    outputChannels: output[3],
  };
}
