import type { Raster } from './raster.js';

/** The kernel radius in standard deviations. Beyond it, a Gaussian's weights are below a thousandth of their sum. */
const REACH = 3;

/** Blurs in place with a Gaussian of standard deviation `sigma` in pixels. Border pixels are repeated outwards. */
export function blur(raster: Raster, sigma: number): void {
  const kernel = halfKernel(sigma);
  if (kernel.length === 1) return;
  blurRows(raster, kernel);
  blurColumns(raster, kernel);
}

/** The middle weight and the weights on one side. The whole kernel adds up to 1. */
function halfKernel(sigma: number): number[] {
  const radius = Math.ceil(REACH * sigma);
  const weights = Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

function blurRows({ values, width, height, channels }: Raster, kernel: readonly number[]): void {
  const radius = kernel.length - 1;
  const padded = new Float32Array((width + 2 * radius) * channels);
  for (let y = 0; y < height; y++) {
    const start = y * width * channels;
    padded.set(values.subarray(start, start + width * channels), radius * channels);
    for (let i = 0; i < radius * channels; i++) {
      padded[i] = values[start + (i % channels)]!;
      padded[(width + radius) * channels + i] = values[start + (width - 1) * channels + (i % channels)]!;
    }
    for (let i = 0; i < width * channels; i++) {
      const middle = i + radius * channels;
      let sum = kernel[0]! * padded[middle]!;
      for (let k = 1; k <= radius; k++) {
        sum += kernel[k]! * (padded[middle - k * channels]! + padded[middle + k * channels]!);
      }
      values[start + i] = sum;
    }
  }
}

function blurColumns({ values, width, height, channels }: Raster, kernel: readonly number[]): void {
  const radius = kernel.length - 1;
  const row = width * channels;
  const source = values.slice();
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < row; i++) values[y * row + i] = kernel[0]! * source[y * row + i]!;
    for (let k = 1; k <= radius; k++) {
      const above = Math.max(y - k, 0) * row;
      const below = Math.min(y + k, height - 1) * row;
      const weight = kernel[k]!;
      for (let i = 0; i < row; i++) values[y * row + i]! += weight * (source[above + i]! + source[below + i]!);
    }
  }
}
