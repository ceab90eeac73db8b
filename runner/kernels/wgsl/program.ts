import type { WebGPUBackend, WebGPUProgram } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';

/** One kernel: asks the GPU for new outputs from its inputs; nothing has been computed yet when it returns. */
export type GpuKernel = (inputs: Record<string, tf.TensorInfo>, attributes: object) => tf.TensorInfo[];

/** Threads of a workgroup: what every GPU allows. */
export const WORKGROUP = 256;

export interface ProgramOptions {
  /** Tells one shader from another: whatever differs in the code must differ here. */
  name: string;
  /** By the name of their array in the code. */
  inputs: Record<string, tf.TensorInfo>;
  output: { shape: number[]; dtype?: 'float32' | 'int32' };
  /** 32-bit integers, `uniforms.name` in the code. */
  integers?: Record<string, number>;
  /** The same for float32. */
  floats?: Record<string, number>;
  /** How many times `main` runs, rounded up to whole workgroups: it must ignore an `index` that is too large. */
  threads: number;
  /**
   * WGSL: `fn main(index : i32)` and whatever it needs. Arrays are flat; the output is `result`. `localIndex` (u32) is the
   * thread's place in its workgroup, `index / 256` the workgroup's number.
   */
  code: string;
}

/** Runs a shader of our own on the GPU, after everything that was asked of it before. */
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
  // TensorFlow.js compiles a shader anew for other ranks, equal shapes and sides of 1, which ours know nothing of: they are
  // shown [1, size] and [size] whatever the shape.
  const flatInputs = Object.values(inputs).map((input) => ({
    ...input,
    shape: [1, tf.util.sizeFromShape(input.shape)],
  }));
  backend.runWebGPUProgram(program, flatInputs, result.dtype, uniforms, flatResult);
  return result;
}

/** Gives the results of intermediate programs back; the GPU still finishes what reads them. */
export function release(backend: WebGPUBackend, ...tensors: tf.TensorInfo[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}
