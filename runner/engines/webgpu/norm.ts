import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { tf } from '../tf.js';
import { release, runProgram, sizeOf } from './program.js';
import type { GpuKernel } from './register.js';

interface NormAttributes {
  epsilon: number;
  slope: number;
}

/** Threads that read an image at a time for one sum per channel; fewer where each would get few rows. */
const READERS = 2 ** 16;
const ROWS_PER_READER = 32;
const PARTS_MAX = 512;

const ACTIVATE = 'fn activate(z : f32) -> f32 { return select(z * uniforms.slope, z, z > 0.0); }';

/**
 * Batch normalisation with its activation. Sums over the rows (the pixels) are taken by many threads in parts, a part and
 * channel each, and joined by one thread a channel.
 */
export function normKernels(backend: WebGPUBackend) {
  const batchNormTrain: GpuKernel = ({ x, scale, offset }, attributes) => {
    const { epsilon, slope } = attributes as NormAttributes;
    const layout = layoutOf(x!);
    const moments = partMoments(backend, x!, layout);
    const mean = joinMoments(backend, moments, layout, 'mean');
    const variance = joinMoments(backend, moments, layout, 'variance');
    release(backend, moments);
    const y = runProgram(backend, {
      name: 'batchNormTrain',
      inputs: { x: x!, scale: scale!, offset: offset!, mean, variance },
      output: { shape: x!.shape },
      integers: { values: sizeOf(x!.shape), channels: layout.channels },
      floats: { epsilon, slope },
      threads: sizeOf(x!.shape),
      code: `${ACTIVATE}
        fn main(index : i32) {
          if (index >= uniforms.values) { return; }
          let c = index % uniforms.channels;
          let factor = scale[c] / sqrt(variance[c] + uniforms.epsilon);
          result[index] = activate((x[index] - mean[c]) * factor + offset[c]);
        }`,
    });
    return [y, mean, variance];
  };

  const batchNormTrainGradient: GpuKernel = ({ dy, x, scale, offset, mean, variance }, attributes) => {
    const { epsilon, slope } = attributes as NormAttributes;
    const layout = layoutOf(x!);
    const { rows, channels, parts, rowsPerPart } = layout;
    const statistics = { scale: scale!, offset: offset!, mean: mean!, variance: variance! };
    const partial = runProgram(backend, {
      name: 'batchNorm gradient sums',
      inputs: { dy: dy!, x: x!, ...statistics },
      output: { shape: [2 * parts * channels] },
      integers: { rows, channels, parts, rowsPerPart },
      floats: { epsilon, slope },
      threads: parts * channels,
      code: `
        fn main(index : i32) {
          if (index >= uniforms.parts * uniforms.channels) { return; }
          let c = index % uniforms.channels;
          let inverse = 1.0 / sqrt(variance[c] + uniforms.epsilon);
          let first = index / uniforms.channels * uniforms.rowsPerPart;
          let end = min(uniforms.rows, first + uniforms.rowsPerPart);
          var offsets = 0.0;
          var scales = 0.0;
          for (var row = first; row < end; row++) {
            let at = row * uniforms.channels + c;
            let normal = (x[at] - mean[c]) * inverse;
            let dz = dy[at] * select(uniforms.slope, 1.0, normal * scale[c] + offset[c] > 0.0);
            offsets += dz;
            scales += dz * normal;
          }
          result[index] = offsets;
          result[uniforms.parts * uniforms.channels + index] = scales;
        }`,
    });
    const joined = (which: 0 | 1) => joinSums(backend, partial, layout, which);
    const [dOffset, dScale] = [joined(0), joined(1)];
    release(backend, partial);
    // A table, because a shader may read no more than eight tensors.
    const table = runProgram(backend, {
      name: 'batchNorm gradient table',
      inputs: { ...statistics, dScale, dOffset },
      output: { shape: [5 * channels] },
      integers: { rows, channels },
      floats: { epsilon },
      threads: channels,
      code: `
        fn main(c : i32) {
          if (c >= uniforms.channels) { return; }
          let inverse = 1.0 / sqrt(variance[c] + uniforms.epsilon);
          let factor = scale[c] * inverse;
          result[c] = mean[c];
          result[uniforms.channels + c] = factor;
          result[2 * uniforms.channels + c] = offset[c];
          result[3 * uniforms.channels + c] = factor * dOffset[c] / f32(uniforms.rows);
          result[4 * uniforms.channels + c] = factor * inverse * dScale[c] / f32(uniforms.rows);
        }`,
    });
    const dx = runProgram(backend, {
      name: 'batchNormTrainGradient',
      inputs: { dy: dy!, x: x!, table },
      output: { shape: x!.shape },
      integers: { values: sizeOf(x!.shape), channels },
      floats: { slope },
      threads: sizeOf(x!.shape),
      code: `
        fn main(index : i32) {
          if (index >= uniforms.values) { return; }
          let c = index % uniforms.channels;
          let away = x[index] - table[c];
          let factor = table[uniforms.channels + c];
          let dz = dy[index] * select(uniforms.slope, 1.0, away * factor + table[2 * uniforms.channels + c] > 0.0);
          result[index] = factor * dz - table[3 * uniforms.channels + c] - table[4 * uniforms.channels + c] * away;
        }`,
    });
    release(backend, table);
    return [dx, dScale, dOffset];
  };

  const scaleShift: GpuKernel = ({ x, factor, shift }, attributes) => {
    const { slope } = attributes as NormAttributes;
    const y = runProgram(backend, {
      name: 'scaleShift',
      inputs: { x: x!, factor: factor!, shift: shift! },
      output: { shape: x!.shape },
      integers: { values: sizeOf(x!.shape), channels: x!.shape.at(-1)! },
      floats: { slope },
      threads: sizeOf(x!.shape),
      code: `${ACTIVATE}
        fn main(index : i32) {
          if (index >= uniforms.values) { return; }
          let c = index % uniforms.channels;
          result[index] = activate(x[index] * factor[c] + shift[c]);
        }`,
    });
    return [y];
  };

  return { batchNormTrain, batchNormTrainGradient, scaleShift };
}

interface Layout {
  rows: number;
  channels: number;
  parts: number;
  rowsPerPart: number;
}

function layoutOf({ shape }: tf.TensorInfo): Layout {
  const channels = shape.at(-1)!;
  const rows = sizeOf(shape) / channels;
  const wanted = Math.min(PARTS_MAX, Math.ceil(READERS / channels), Math.ceil(rows / ROWS_PER_READER));
  const rowsPerPart = Math.ceil(rows / wanted);
  return { rows, channels, rowsPerPart, parts: Math.ceil(rows / rowsPerPart) };
}

/**
 * Mean and sum of squared deviations from it, of each part and channel: [2, parts, channels]. Deviations are from a mean
 * that moves with the rows (Welford): squares around 0 would cancel where the mean is large.
 */
function partMoments(backend: WebGPUBackend, x: tf.TensorInfo, layout: Layout): tf.TensorInfo {
  const { rows, channels, parts, rowsPerPart } = layout;
  return runProgram(backend, {
    name: 'moments of parts',
    inputs: { x },
    output: { shape: [2 * parts * channels] },
    integers: { rows, channels, parts, rowsPerPart },
    threads: parts * channels,
    code: `
      fn main(index : i32) {
        if (index >= uniforms.parts * uniforms.channels) { return; }
        let c = index % uniforms.channels;
        let first = index / uniforms.channels * uniforms.rowsPerPart;
        let end = min(uniforms.rows, first + uniforms.rowsPerPart);
        var mean = 0.0;
        var squares = 0.0;
        for (var row = first; row < end; row++) {
          let value = x[row * uniforms.channels + c];
          let away = value - mean;
          mean += away / f32(row - first + 1);
          squares += away * (value - mean);
        }
        result[index] = mean;
        result[uniforms.parts * uniforms.channels + index] = squares;
      }`,
  });
}

/** Joins the moments of all parts (Chan, Golub and LeVeque) to the mean or the biased variance of each channel. */
function joinMoments(
  backend: WebGPUBackend,
  moments: tf.TensorInfo,
  { rows, channels, parts, rowsPerPart }: Layout,
  wanted: 'mean' | 'variance',
): tf.TensorInfo {
  return runProgram(backend, {
    name: `join moments to ${wanted}`,
    inputs: { moments },
    output: { shape: [channels] },
    integers: { rows, channels, parts, rowsPerPart },
    threads: channels,
    code: `
      fn main(c : i32) {
        if (c >= uniforms.channels) { return; }
        var count = 0.0;
        var mean = 0.0;
        var squares = 0.0;
        for (var part = 0; part < uniforms.parts; part++) {
          let added = f32(min(uniforms.rowsPerPart, uniforms.rows - part * uniforms.rowsPerPart));
          let away = moments[part * uniforms.channels + c] - mean;
          squares += moments[(uniforms.parts + part) * uniforms.channels + c] + away * away * count * added / (count + added);
          mean += away * added / (count + added);
          count += added;
        }
        result[c] = ${wanted === 'mean' ? 'mean' : 'squares / count'};
      }`,
  });
}

/** Sums [which, all parts, channel] of [2, parts, channels]. */
function joinSums(
  backend: WebGPUBackend,
  partial: tf.TensorInfo,
  { channels, parts }: Layout,
  which: 0 | 1,
): tf.TensorInfo {
  return runProgram(backend, {
    name: 'join sums',
    inputs: { partial },
    output: { shape: [channels] },
    integers: { channels, parts, which },
    threads: channels,
    code: `
      fn main(c : i32) {
        if (c >= uniforms.channels) { return; }
        var sum = 0.0;
        for (var part = 0; part < uniforms.parts; part++) {
          sum += partial[(uniforms.which * uniforms.parts + part) * uniforms.channels + c];
        }
        result[c] = sum;
      }`,
  });
}
