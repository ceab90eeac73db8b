import type { NormAttributes } from '../../operations/batch-norm.js';
import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { joinMoments, joinSums, layoutOf, partMoments } from './channel-sums.js';
import type { GpuKernel } from './program.js';
import { release, runProgram } from './program.js';

const ACTIVATE = 'fn activate(z : f32) -> f32 { return select(z * uniforms.slope, z, z > 0.0); }';

/** Batch normalisation with its activation. Its sums over the rows (the pixels) are computed in channel-sums.ts. */
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
      integers: { values: tf.util.sizeFromShape(x!.shape), channels: layout.channels },
      floats: { epsilon, slope },
      threads: tf.util.sizeFromShape(x!.shape),
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
    // Combined in a table, because a shader may read at most eight tensors.
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
      integers: { values: tf.util.sizeFromShape(x!.shape), channels },
      floats: { slope },
      threads: tf.util.sizeFromShape(x!.shape),
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
      integers: { values: tf.util.sizeFromShape(x!.shape), channels: x!.shape.at(-1)! },
      floats: { slope },
      threads: tf.util.sizeFromShape(x!.shape),
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
