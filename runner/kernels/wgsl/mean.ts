import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import type { GpuKernel } from './program.js';
import { release, runProgram, WORKGROUP } from './program.js';
import { sumOfWorkgroup } from './workgroup-sum.js';

/** Maximum number of workgroups that share the values of a sum, and number of threads that add up their sums. */
const GROUPS_MAX = 256;

/**
 * The mean of all values. TensorFlow.js uses a single workgroup for it, which is slow, and each of its threads adds up
 * thousands of values one by one, which loses digits in float32.
 */
export function meanKernel(backend: WebGPUBackend) {
  const mean: GpuKernel = ({ x }) => {
    const size = tf.util.sizeFromShape(x!.shape);
    const groups = Math.min(GROUPS_MAX, Math.ceil(size / WORKGROUP));
    // f32(): a cast of TensorFlow.js from booleans or integers leaves the values as they are.
    const partial = runProgram(backend, {
      name: 'sums of parts',
      inputs: { x: x! },
      output: { shape: [groups] },
      integers: { values: size, groups },
      threads: groups * WORKGROUP,
      code: `${sumOfWorkgroup(backend, 'f32')}
        fn main(index : i32) {
          var share = 0.0;
          for (var at = index; at < uniforms.values; at += uniforms.groups * ${WORKGROUP}) { share += f32(x[at]); }
          let sum = sumOfWorkgroup(share);
          if (localIndex == 0u) { result[index / ${WORKGROUP}] = sum; }
        }`,
    });
    const result = runProgram(backend, {
      name: 'mean',
      inputs: { partial },
      output: { shape: [] },
      integers: { values: size, groups },
      threads: WORKGROUP,
      code: `${sumOfWorkgroup(backend, 'f32')}
        fn main(index : i32) {
          let sum = sumOfWorkgroup(select(0.0, partial[min(index, uniforms.groups - 1)], index < uniforms.groups));
          if (index == 0) { result[0] = sum / f32(uniforms.values); }
        }`,
    });
    release(backend, partial);
    return [result];
  };

  return { mean };
}
