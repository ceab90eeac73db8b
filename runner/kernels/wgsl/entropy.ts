import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import type { GpuKernel } from './program.js';
import { release, runProgram, WORKGROUP } from './program.js';
import { sumOfWorkgroup } from './workgroup-sum.js';

/** Maximum number of workgroups that share the pixels of a loss, and number of threads that add up their sums. */
const GROUPS_MAX = 256;

/**
 * WGSL: log(sum(exp(logits))) of a pixel, relative to its largest logit to avoid overflow. NaN is detected by its bits, because
 * a GPU's exp need not preserve it.
 */
const LOG_SUM = `
  fn logSum(start : i32) -> f32 {
    var largest = logits[start];
    for (var c = 1; c < uniforms.classes; c++) { largest = max(largest, logits[start + c]); }
    var sum = 0.0;
    for (var c = 0; c < uniforms.classes; c++) {
      if (isnan(logits[start + c])) { return uniforms.NAN; }
      sum += exp(logits[start + c] - largest);
    }
    return largest + log(sum);
  }`;

/**
 * WGSL: what the focal loss multiplies the entropy of a pixel by (x), and its gradient (y); see focusOf in
 * kernels/native/cross-entropy.h. The difference from 1 has no digits left for a small entropy, and a GPU's power of 0 need not
 * be 0.
 */
const FOCUS = `
  fn focusOf(entropy : f32) -> vec2<f32> {
    let q = select(1.0 - exp(-entropy), entropy * (1.0 - entropy * (0.5 - entropy / 6.0)), entropy < 0.02);
    let power = exp(uniforms.gamma * log(max(q, 1e-6)));
    var ratio = 1.0;
    if (q > 1e-6) { ratio = entropy / q; }
    return vec2<f32>(power, power * (1.0 + uniforms.gamma * (1.0 - q) * ratio));
  }`;

/** Kernels over the classes of each pixel. */
export function entropyKernels(backend: WebGPUBackend) {
  /**
   * A GPU cannot throw, so a label that is neither a class nor ignored makes the loss and the pixel's gradient NaN, and the run
   * then fails.
   */
  const crossEntropy: GpuKernel = ({ logits, labels, weights }, attributes) => {
    const { ignoreIndex, gamma } = attributes as { ignoreIndex: number; gamma: number };
    const focal = gamma !== 0;
    const kind = `${weights ? 'weighted ' : ''}${focal ? 'focal ' : ''}`;
    const floats: Record<string, number> = focal ? { gamma } : {};
    const perClass: Record<string, tf.TensorInfo> = weights ? { weights } : {};
    const classes = logits!.shape.at(-1)!;
    const pixels = tf.util.sizeFromShape(logits!.shape) / classes;
    const groups = Math.min(GROUPS_MAX, Math.ceil(pixels / WORKGROUP));
    const integers = { pixels, classes, ignoreIndex, groups };
    const partial = runProgram(backend, {
      name: `${kind}losses`,
      inputs: { logits: logits!, labels: labels!, ...perClass },
      output: { shape: [2 * groups] },
      integers,
      floats,
      threads: groups * WORKGROUP,
      code: `${LOG_SUM} ${focal ? FOCUS : ''} ${sumOfWorkgroup(backend, 'vec2<f32>')}
        fn main(index : i32) {
          var share = vec2<f32>(0.0);
          for (var pixel = index; pixel < uniforms.pixels; pixel += uniforms.groups * ${WORKGROUP}) {
            let label = labels[pixel];
            if (label == uniforms.ignoreIndex) { continue; }
            var loss = uniforms.NAN;
            var weight = 1.0;
            if (label >= 0 && label < uniforms.classes) {
              let start = pixel * uniforms.classes;
              loss = logSum(start) - logits[start + label];
              ${focal ? 'loss *= focusOf(loss).x;' : ''}
              ${weights ? 'weight = weights[label]; loss *= weight;' : ''}
            }
            share += vec2<f32>(loss, weight);
          }
          let sum = sumOfWorkgroup(share);
          if (localIndex == 0u) {
            result[index / ${WORKGROUP} * 2] = sum.x;
            result[index / ${WORKGROUP} * 2 + 1] = sum.y;
          }
        }`,
    });
    const total = (wanted: 'mean' | 'share of a pixel') =>
      runProgram(backend, {
        name: `losses to ${wanted}`,
        inputs: { partial },
        output: { shape: [] },
        integers: { groups },
        threads: WORKGROUP,
        code: `${sumOfWorkgroup(backend, 'vec2<f32>')}
          fn main(index : i32) {
            var share = vec2<f32>(0.0);
            for (var group = index; group < uniforms.groups; group += ${WORKGROUP}) {
              share += vec2<f32>(partial[2 * group], partial[2 * group + 1]);
            }
            let sum = sumOfWorkgroup(share);
            // A batch of ignored pixels gives 0 and not 0/0.
            if (index == 0) { result[0] = ${wanted === 'mean' ? 'sum.x' : '1.0'} / select(1.0, sum.y, sum.y > 0.0); }
          }`,
      });
    const loss = total('mean');
    const share = total('share of a pixel');
    const gradient = runProgram(backend, {
      name: `${kind}crossEntropy gradient`,
      inputs: { logits: logits!, labels: labels!, share, ...perClass },
      output: { shape: logits!.shape },
      integers,
      floats,
      threads: pixels,
      code: `${LOG_SUM} ${focal ? FOCUS : ''}
        fn main(pixel : i32) {
          if (pixel >= uniforms.pixels) { return; }
          let start = pixel * uniforms.classes;
          let label = labels[pixel];
          var factor = share[0];
          if (label == uniforms.ignoreIndex) { factor = 0.0; }
          else if (label < 0 || label >= uniforms.classes) { factor = uniforms.NAN; }
          ${weights ? 'else { factor *= weights[label]; }' : ''}
          let sum = logSum(start);
          ${focal ? 'if (label >= 0 && label < uniforms.classes) { factor *= focusOf(sum - logits[start + label]).y; }' : ''}
          for (var c = 0; c < uniforms.classes; c++) {
            result[start + c] = (exp(logits[start + c] - sum) - select(0.0, 1.0, c == label)) * factor;
          }
        }`,
    });
    release(backend, partial, share);
    return [loss, gradient];
  };

  const argmax: GpuKernel = ({ logits }) => {
    const shape = logits!.shape.slice(0, -1);
    const labels = runProgram(backend, {
      name: 'argmax',
      inputs: { logits: logits! },
      output: { shape, dtype: 'int32' },
      integers: { pixels: tf.util.sizeFromShape(shape), classes: logits!.shape.at(-1)! },
      threads: tf.util.sizeFromShape(shape),
      code: `
        fn main(pixel : i32) {
          if (pixel >= uniforms.pixels) { return; }
          let start = pixel * uniforms.classes;
          var best = 0;
          for (var c = 1; c < uniforms.classes; c++) {
            if (logits[start + c] > logits[start + best]) { best = c; }
          }
          result[pixel] = best;
        }`,
    });
    return [labels];
  };

  return { crossEntropy, argmax };
}
