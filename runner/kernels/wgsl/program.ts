import type { WebGPUBackend, WebGPUProgram } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';

/** A kernel that submits work to the GPU and returns its outputs, whose values may not have been computed yet. */
export type GpuKernel = (inputs: Record<string, tf.TensorInfo>, attributes: object) => tf.TensorInfo[];

/** The number of threads of a workgroup, which every GPU supports. */
export const WORKGROUP = 256;

export interface ProgramOptions {
  /** The key of the compiled shader: programs with different code must have different names. */
  name: string;
  /** The inputs, by the names of their arrays in the code. */
  inputs: Record<string, tf.TensorInfo>;
  output: { shape: number[]; dtype?: 'float32' | 'int32' };
  /** 32-bit integers, available as `uniforms.name` in the code. */
  integers?: Record<string, number>;
  /** float32 values, available in the same way. */
  floats?: Record<string, number>;
  /** How many times `main` runs. It is rounded up to whole workgroups, so `main` must ignore an `index` that is too large. */
  threads: number;
  /**
   * WGSL: `fn main(index : i32)` and whatever it needs. Arrays are flat; the output is `result`. `localIndex` (u32) is the
   * index of the thread in its workgroup, and `index / 256` is the index of the workgroup.
   */
  code: string;
}

/** Runs one of our own shaders on the GPU, after all work submitted before. */
export function runProgram(backend: WebGPUBackend, options: ProgramOptions): tf.TensorInfo {
  const { name, inputs, output, integers = {}, floats = {}, threads, code } = options;
  const declare = (names: Record<string, number>, type: string) =>
    Object.keys(names).map((key) => `${key} : ${type}, `);
  const result = backend.makeTensorInfo(output.shape, output.dtype ?? 'float32');
  const flatResult = { ...result, shape: [tf.util.sizeFromShape(output.shape)] };
  const program: WebGPUProgram = {
    variableNames: Object.keys(inputs),
    outputShape: flatResult.shape,
    shaderKey: `crosscheck ${name}`,
    uniforms: [...declare(integers, 'i32'), ...declare(floats, 'f32')].join(''),
    workgroupSize: [WORKGROUP, 1, 1],
    dispatch: [Math.ceil(threads / WORKGROUP), 1, 1],
    dispatchLayout: { x: [0] },
    getUserCode: () => code,
  };
  const uniforms = [
    ...Object.values(integers).map((value) => ({ type: 'int32', data: [value] })),
    ...Object.values(floats).map((value) => ({ type: 'float32', data: [value] })),
  ];
  // TensorFlow.js recompiles a shader for other ranks, equal shapes and sides of 1, on which our shaders do not depend. So
  // inputs are passed as [1, size] and outputs as [size], whatever their shape.
  const flatInputs = Object.values(inputs).map((input) => ({
    ...input,
    shape: [1, tf.util.sizeFromShape(input.shape)],
  }));
  backend.runWebGPUProgram(program, flatInputs, result.dtype, uniforms, flatResult);
  return result;
}

/** Disposes of the results of intermediate programs. Work already submitted to the GPU can still read them. */
export function release(backend: WebGPUBackend, ...tensors: tf.TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}
