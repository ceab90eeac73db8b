import type { ConvGeometry } from '../operations/conv-geometry.js';
import { tf } from '../operations/tf.js';

export interface KernelTime {
  calls: number;
  /** Of the GPU, if it can time its work; otherwise of this thread, which on a GPU only submits the work. */
  milliseconds: number;
  /** Floating-point operations of convolutions and their gradients (a multiply-add counts as two); 0 for other kernels. */
  flop: number;
}

/** The part of TensorFlow.js's webgpu backend that times its programs. It is missing in the backend's type. */
interface GpuTimers {
  supportTimestampQuery: boolean;
  /** Of each program that was submitted since it was set. Null: programs are not timed. */
  activeTimers: { query: Promise<number> }[] | null;
}

type KernelParameters = Parameters<tf.KernelFunc>[0];
type KernelResult = ReturnType<tf.KernelFunc>;

/** Whether the engine in this thread is a GPU that times its own work (the feature `timestamp-query`). */
export function timesOnGpu(): boolean {
  return tf.getBackend() === 'webgpu' && gpuTimers().supportTimestampQuery;
}

const gpuTimers = () => tf.backend() as unknown as GpuTimers;

/**
 * From now on, counts the calls of each kernel of the engine in this thread and their total time. The returned function
 * returns the counts since its last call. It is for benches. On a processor it costs a few microseconds per kernel call, but
 * where a GPU times its work, every program is submitted by itself, which takes far longer than usual. The time of a kernel
 * includes the kernels that it calls.
 */
export function profileKernels(): () => Promise<Record<string, KernelTime>> {
  let times: Record<string, KernelTime> = {};
  let pending: Promise<void>[] = [];
  const timers = timesOnGpu() ? gpuTimers() : null;
  for (const { kernelName, backendName, kernelFunc, ...rest } of tf.getKernelsForBackend(tf.getBackend())) {
    const timed: tf.KernelFunc = (params) => {
      times[kernelName] ??= { calls: 0, milliseconds: 0, flop: 0 };
      const time = times[kernelName];
      time.calls += 1;
      const start = performance.now();
      const { result, queries } = timers
        ? withTimers(timers, () => kernelFunc(params))
        : { result: kernelFunc(params), queries: null };
      time.flop += flopOf(kernelName, params, result);
      if (!queries) time.milliseconds += performance.now() - start;
      for (const query of queries ?? []) {
        const added = query.then((milliseconds) => {
          time.milliseconds += milliseconds;
        });
        pending.push(added);
      }
      return result;
    };
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...rest, kernelName, backendName, kernelFunc: timed });
  }
  return async () => {
    await Promise.all(pending);
    const counted = times;
    times = {};
    pending = [];
    return counted;
  };
}

/** Runs a kernel, and returns the times of the programs that it submits, in milliseconds. */
function withTimers<T>(timers: GpuTimers, run: () => T): { result: T; queries: Promise<number>[] } {
  const outer = timers.activeTimers;
  timers.activeTimers = [];
  try {
    const result = run();
    const own = timers.activeTimers;
    outer?.push(...own);
    return { result, queries: own.map(({ query }) => query) };
  } finally {
    timers.activeTimers = outer ?? null;
  }
}

/**
 * Own convolution kernels get their geometry as attributes; on a GPU, the forward one is TensorFlow.js's. All taps count, even
 * those outside the image.
 */
function flopOf(kernelName: string, { inputs, attrs }: KernelParameters, result: KernelResult): number {
  const { kernel, input, output } = (attrs ?? {}) as Partial<ConvGeometry>;
  if (kernel && input && output) return 2 * kernel[0] * kernel[1] * input[3] * tf.util.sizeFromShape(output);
  if (kernelName !== 'Conv2D') return 0;
  const [height, width, channels] = (inputs as { filter: tf.TensorInfo }).filter.shape;
  return 2 * height! * width! * channels! * tf.util.sizeFromShape((result as tf.TensorInfo).shape);
}
