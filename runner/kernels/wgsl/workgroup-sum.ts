import type { WebGPUBackend } from '../../operations/tf.js';
import { WORKGROUP } from './program.js';
import { hasSubgroups } from './subgroups.js';

/** The smallest number of threads that a subgroup can have. */
const SUBGROUP_MIN = 4;

/**
 * WGSL: `sumOfWorkgroup` sums a value over a workgroup, for all of its threads. It may be called several times. Where the GPU
 * has subgroups, these add up their values without shared memory, and their sums are then added in a fixed order; otherwise,
 * halves of the workgroup are added to each other.
 * @param type of the value, such as `f32` or `vec2<f32>`
 */
export function sumOfWorkgroup(backend: WebGPUBackend, type: string): string {
  if (!hasSubgroups(backend)) {
    return `
  var<workgroup> shares : array<${type}, ${WORKGROUP}>;
  fn sumOfWorkgroup(share : ${type}) -> ${type} {
    // The last sum may still be read.
    workgroupBarrier();
    shares[localIndex] = share;
    workgroupBarrier();
    for (var half = ${WORKGROUP / 2}u; half > 0u; half >>= 1u) {
      if (localIndex < half) { shares[localIndex] += shares[localIndex + half]; }
      workgroupBarrier();
    }
    return shares[0];
  }`;
  }
  return `
  var<workgroup> shares : array<${type}, ${WORKGROUP / SUBGROUP_MIN}>;
  fn sumOfWorkgroup(share : ${type}) -> ${type} {
    let ofSubgroup = subgroupAdd(share);
    // The last sum may still be read.
    workgroupBarrier();
    if (subgroupElect()) { shares[subgroupId] = ofSubgroup; }
    workgroupBarrier();
    var sum = shares[0];
    for (var i = 1u; i < numSubgroups; i++) { sum += shares[i]; }
    return sum;
  }`;
}
