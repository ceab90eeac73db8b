import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import { type ProgramOptions, release, runProgram, WORKGROUP } from './program.js';

/** Number of values in a tile, which one workgroup computes. Each of its 256 threads keeps 4 x 4 of them in registers. */
const TILE_VALUES = 4096;
/** Depth of the slices of both factors that are in shared memory at a time. */
const SLICE = 8;
/** Number of workgroups that keep a large GPU busy. */
const ENOUGH_WORKGROUPS = 512;
/** Minimum length of the parts into which a sum is split. */
const PART_LENGTH = 256;
/** Maximum number of values in all parts of the sums together, before they are added up. */
const PARTS_MAX_VALUES = 2 ** 24;

export interface ProductOptions {
  name: string;
  inputs: Record<string, tf.TensorInfo>;
  shape: number[];
  integers: Record<string, number>;
  rows: number;
  columns: number;
  depth: number;
  /** WGSL `fn left(row : i32, k : i32) -> f32` and `fn right(k : i32, column : i32) -> f32`; only called within bounds. */
  code: string;
  /** The index of each factor that is contiguous in memory, so that adjacent threads read adjacent addresses. */
  leftRunsAlong: 'row' | 'k';
  rightRunsAlong: 'k' | 'column';
}

/**
 * result[row][column] = sum over k of left(row, k) right(k, column). A convolution and both its gradients have this form. Long
 * sums with a small result are split into parts that are added up afterwards; otherwise only a few workgroups would do all the
 * work.
 */
export function tiledProduct(backend: WebGPUBackend, options: ProductOptions): tf.TensorInfo {
  const { name, inputs, shape, integers, rows, columns, depth } = options;
  const width = columns <= 32 ? 32 : 64;
  const height = TILE_VALUES / width;
  const tiles = Math.ceil(rows / height) * Math.ceil(columns / width);
  const parts = Math.max(
    1,
    Math.min(
      Math.floor(ENOUGH_WORKGROUPS / tiles),
      Math.ceil(depth / PART_LENGTH),
      Math.floor(PARTS_MAX_VALUES / (rows * columns)),
    ),
  );
  const slices = Math.ceil(depth / parts / SLICE);
  const product = (output: ProgramOptions['output']) =>
    runProgram(backend, {
      name: `${name} ${height}x${width}`,
      inputs,
      output,
      integers: { ...integers, rows, columns, depth, parts, slices },
      threads: tiles * parts * WORKGROUP,
      code: `${options.code}\n${tileCode(height, width, options)}`,
    });
  if (parts === 1) return product({ shape });
  const partial = product({ shape: [parts * rows * columns] });
  const sum = sumOfParts(backend, partial, shape, parts);
  release(backend, partial);
  return sum;
}

/** Adds up `parts` tensors of the same shape, stored one after the other. */
function sumOfParts(backend: WebGPUBackend, partial: tf.TensorInfo, shape: number[], parts: number): tf.TensorInfo {
  const values = tf.util.sizeFromShape(shape);
  return runProgram(backend, {
    name: 'sum of parts',
    inputs: { partial },
    output: { shape },
    integers: { parts, values },
    threads: values,
    code: `
      fn main(index : i32) {
        if (index >= uniforms.values) { return; }
        var sum = 0.0;
        for (var part = 0; part < uniforms.parts; part++) { sum += partial[part * uniforms.values + index]; }
        result[index] = sum;
      }`,
  });
}

function tileCode(height: number, width: number, { leftRunsAlong, rightRunsAlong }: ProductOptions): string {
  const threadColumns = width / 4;
  const [leftRow, leftK] =
    leftRunsAlong === 'k' ? [`at / ${SLICE}`, `at % ${SLICE}`] : [`at % ${height}`, `at / ${height}`];
  const [rightK, rightColumn] =
    rightRunsAlong === 'k' ? [`at % ${SLICE}`, `at / ${SLICE}`] : [`at / ${width}`, `at % ${width}`];
  return `
    var<workgroup> leftSlice : array<array<f32, ${height}>, ${SLICE}>;
    var<workgroup> rightSlice : array<array<f32, ${width}>, ${SLICE}>;

    fn main(index : i32) {
      let thread = i32(localIndex);
      let tileColumns = (uniforms.columns + ${width - 1}) / ${width};
      let tileRows = (uniforms.rows + ${height - 1}) / ${height};
      let tile = index / ${WORKGROUP};
      let part = tile / (tileRows * tileColumns);
      let top = (tile / tileColumns) % tileRows * ${height};
      let left0 = tile % tileColumns * ${width};
      let first = part * uniforms.slices * ${SLICE};
      let end = min(uniforms.depth, first + uniforms.slices * ${SLICE});
      let threadTop = thread / ${threadColumns} * 4;
      let threadLeft = thread % ${threadColumns} * 4;
      var sums : array<vec4<f32>, 4>;
      // All threads of a workgroup must reach each barrier, so the bounds are checked per value instead of per thread.
      for (var slice = 0; slice < uniforms.slices; slice++) {
        let start = first + slice * ${SLICE};
        for (var at = thread; at < ${height * SLICE}; at += ${WORKGROUP}) {
          let row = ${leftRow};
          let k = ${leftK};
          var value = 0.0;
          if (top + row < uniforms.rows && start + k < end) { value = left(top + row, start + k); }
          leftSlice[k][row] = value;
        }
        for (var at = thread; at < ${width * SLICE}; at += ${WORKGROUP}) {
          let k = ${rightK};
          let column = ${rightColumn};
          var value = 0.0;
          if (left0 + column < uniforms.columns && start + k < end) { value = right(start + k, left0 + column); }
          rightSlice[k][column] = value;
        }
        workgroupBarrier();
        for (var k = 0; k < ${SLICE}; k++) {
          let b = vec4<f32>(rightSlice[k][threadLeft], rightSlice[k][threadLeft + 1],
                            rightSlice[k][threadLeft + 2], rightSlice[k][threadLeft + 3]);
          for (var i = 0; i < 4; i++) { sums[i] = fma(vec4<f32>(leftSlice[k][threadTop + i]), b, sums[i]); }
        }
        workgroupBarrier();
      }
      for (var i = 0; i < 4; i++) {
        let row = top + threadTop + i;
        for (var j = 0; j < 4; j++) {
          let column = left0 + threadLeft + j;
          // The last workgroups of a dispatch may be beyond the last part.
          if (row < uniforms.rows && column < uniforms.columns && part < uniforms.parts) {
            result[(part * uniforms.rows + row) * uniforms.columns + column] = sums[i][j];
          }
        }
      }
    }`;
}
