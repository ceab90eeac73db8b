import type { SgdOptions } from '../../operations/sgd.js';
import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import type { GpuKernel } from './program.js';
import { runProgram } from './program.js';

/** Kernels whose result at an index depends only on their inputs at that index. */
export function elementwiseKernels(backend: WebGPUBackend) {
  const map = (
    name: string,
    inputs: Record<string, tf.TensorInfo>,
    value: string,
    floats: Record<string, number> = {},
  ): tf.TensorInfo => {
    const { shape } = Object.values(inputs)[0]!;
    const values = tf.util.sizeFromShape(shape);
    return runProgram(backend, {
      name,
      inputs,
      output: { shape },
      integers: { values },
      floats,
      threads: values,
      code: `fn main(index : i32) { if (index < uniforms.values) { result[index] = ${value}; } }`,
    });
  };

  // Not max, which may return 0 if the sum is NaN.
  const sum = 'a[index] + b[index]';
  const addRelu: GpuKernel = ({ a, b }) => [map('addRelu', { a: a!, b: b! }, `select(${sum}, 0.0, ${sum} < 0.0)`)];

  const addReluGradient: GpuKernel = ({ dy, y }) => [
    map('addReluGradient', { dy: dy!, y: y! }, 'select(0.0, dy[index], y[index] > 0.0)'),
  ];

  const sgd: GpuKernel = ({ variable, gradient, velocity }, attributes) => {
    const { learningRate, momentum, weightDecay } = attributes as SgdOptions;
    const moved = map(
      'sgd velocity',
      { variable: variable!, gradient: gradient!, velocity: velocity! },
      'uniforms.momentum * velocity[index] + gradient[index] + uniforms.weightDecay * variable[index]',
      { momentum, weightDecay },
    );
    const next = map('sgd', { variable: variable!, moved }, 'variable[index] - uniforms.learningRate * moved[index]', {
      learningRate,
    });
    return [next, moved];
  };

  const trackStatistics: GpuKernel = ({ runningMean, runningVariance, mean, variance }, attributes) => {
    const { momentum, correction } = attributes as { momentum: number; correction: number };
    const moved = (running: tf.TensorInfo, batch: tf.TensorInfo, share: number) =>
      map('trackStatistics', { running, batch }, 'uniforms.keep * running[index] + uniforms.share * batch[index]', {
        keep: 1 - momentum,
        share,
      });
    return [moved(runningMean!, mean!, momentum), moved(runningVariance!, variance!, momentum * correction)];
  };

  return { addRelu, addReluGradient, sgd, trackStatistics };
}
