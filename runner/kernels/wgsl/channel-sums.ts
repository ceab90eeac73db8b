import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { runProgram, WORKGROUP } from './program.js';
import { sumOfWorkgroup } from './workgroup-sum.js';

/** Maximum number of threads that read an image for sums per channel. It is lower if each thread would get few rows. */
const READERS = 2 ** 16;
const ROWS_PER_READER = 32;
const PARTS_MAX = 512;

/**
 * How sums over the rows (the pixels) of an NHWC tensor are distributed: many threads each sum one part of one channel, and
 * one thread or, if they are many, a workgroup per channel joins the parts. All parts have the same number of rows, except that the
 * last may have fewer.
 */
export interface Layout {
  rows: number;
  channels: number;
  parts: number;
  rowsPerPart: number;
}

export function layoutOf({ shape }: tf.TensorInfo): Layout {
  const channels = shape.at(-1)!;
  const rows = tf.util.sizeFromShape(shape) / channels;
  const wanted = Math.min(PARTS_MAX, Math.ceil(READERS / channels), Math.ceil(rows / ROWS_PER_READER));
  const rowsPerPart = Math.ceil(rows / wanted);
  return { rows, channels, rowsPerPart, parts: Math.ceil(rows / rowsPerPart) };
}

/**
 * The mean, and the sum of squared deviations from it, of each part and channel: [2, parts, channels]. Deviations are from a
 * running mean (Welford), because sums of squares around 0 would cancel if the mean is large.
 */
export function partMoments(backend: WebGPUBackend, x: tf.TensorInfo, layout: Layout): tf.TensorInfo {
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

/** If a channel has more parts than this, a whole workgroup joins them, instead of a single thread. */
const PARTS_OF_A_THREAD = 16;

/** WGSL: the number of rows of a part. */
const ROWS_OF = `
  fn rowsOf(part : i32) -> f32 {
    return f32(min(uniforms.rowsPerPart, uniforms.rows - part * uniforms.rowsPerPart));
  }`;

/** Joins the moments of all parts (Chan, Golub and LeVeque) into the mean or the biased variance of each channel. */
export function joinMoments(
  backend: WebGPUBackend,
  moments: tf.TensorInfo,
  { rows, channels, parts, rowsPerPart }: Layout,
  wanted: 'mean' | 'variance',
): tf.TensorInfo {
  const alone = parts <= PARTS_OF_A_THREAD;
  return runProgram(backend, {
    name: `join moments to ${wanted}${alone ? '' : ' in workgroups'}`,
    inputs: { moments },
    output: { shape: [channels] },
    integers: { rows, channels, parts, rowsPerPart },
    threads: alone ? channels : channels * WORKGROUP,
    code: alone ? momentsOfThread(wanted) : momentsOfWorkgroup(backend, wanted),
  });
}

function momentsOfThread(wanted: 'mean' | 'variance'): string {
  return `${ROWS_OF}
    fn main(c : i32) {
      if (c >= uniforms.channels) { return; }
      var count = 0.0;
      var mean = 0.0;
      var squares = 0.0;
      for (var part = 0; part < uniforms.parts; part++) {
        let added = rowsOf(part);
        let away = moments[part * uniforms.channels + c] - mean;
        squares += moments[(uniforms.parts + part) * uniforms.channels + c] + away * away * count * added / (count + added);
        mean += away * added / (count + added);
        count += added;
      }
      result[c] = ${wanted === 'mean' ? 'mean' : 'squares / count'};
    }`;
}

/** Means are added relative to that of the first part: sums around 0 would lose digits if the mean is large. */
function momentsOfWorkgroup(backend: WebGPUBackend, wanted: 'mean' | 'variance'): string {
  return `${ROWS_OF} ${sumOfWorkgroup(backend, 'f32')}
    fn main(index : i32) {
      // All threads of a workgroup must reach each barrier, also those beyond the last channel.
      let c = min(index / ${WORKGROUP}, uniforms.channels - 1);
      let rows = f32(uniforms.rows);
      let centre = moments[c];
      var share = 0.0;
      for (var part = i32(localIndex); part < uniforms.parts; part += ${WORKGROUP}) {
        share += rowsOf(part) * (moments[part * uniforms.channels + c] - centre);
      }
      let mean = centre + sumOfWorkgroup(share) / rows;
      ${
        wanted === 'mean'
          ? 'if (localIndex == 0u) { result[c] = mean; }'
          : `
      share = 0.0;
      for (var part = i32(localIndex); part < uniforms.parts; part += ${WORKGROUP}) {
        let away = moments[part * uniforms.channels + c] - mean;
        share += moments[(uniforms.parts + part) * uniforms.channels + c] + rowsOf(part) * away * away;
      }
      let squares = sumOfWorkgroup(share);
      if (localIndex == 0u) { result[c] = squares / rows; }`
      }
    }`;
}

/** Sums [2, parts, channels] over the parts, at index `which` of the first axis. */
export function joinSums(
  backend: WebGPUBackend,
  partial: tf.TensorInfo,
  { channels, parts }: Layout,
  which: 0 | 1,
): tf.TensorInfo {
  const alone = parts <= PARTS_OF_A_THREAD;
  const value = 'partial[(uniforms.which * uniforms.parts + part) * uniforms.channels + c]';
  return runProgram(backend, {
    name: `join sums${alone ? '' : ' in workgroups'}`,
    inputs: { partial },
    output: { shape: [channels] },
    integers: { channels, parts, which },
    threads: alone ? channels : channels * WORKGROUP,
    code: alone
      ? `
      fn main(c : i32) {
        if (c >= uniforms.channels) { return; }
        var sum = 0.0;
        for (var part = 0; part < uniforms.parts; part++) { sum += ${value}; }
        result[c] = sum;
      }`
      : `${sumOfWorkgroup(backend, 'f32')}
      fn main(index : i32) {
        let c = min(index / ${WORKGROUP}, uniforms.channels - 1);
        var share = 0.0;
        for (var part = i32(localIndex); part < uniforms.parts; part += ${WORKGROUP}) { share += ${value}; }
        let sum = sumOfWorkgroup(share);
        if (localIndex == 0u) { result[c] = sum; }
      }`,
  });
}
