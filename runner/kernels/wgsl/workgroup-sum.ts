import { WORKGROUP } from './program.js';

/**
 * WGSL: `sumOfWorkgroup` sums a value over a workgroup; thread 0 gets the result.
 * @param type of the value, such as `f32` or `vec2<f32>`
 */
export function sumOfWorkgroup(type: string): string {
  return `
  var<workgroup> shares : array<${type}, ${WORKGROUP}>;
  fn sumOfWorkgroup(share : ${type}) -> ${type} {
    shares[localIndex] = share;
    workgroupBarrier();
    for (var half = ${WORKGROUP / 2}u; half > 0u; half >>= 1u) {
      if (localIndex < half) { shares[localIndex] += shares[localIndex + half]; }
      workgroupBarrier();
    }
    return shares[0];
  }`;
}
