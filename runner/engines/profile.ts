import type { ConvGeometry } from '../operations/conv-geometry.js';
import { tf } from '../operations/tf.js';

export interface KernelTime {
  calls: number;
  milliseconds: number;
  /** Floating-point operations of convolutions and their gradients (a multiply-add counts as two); 0 for other kernels. */
  flop: number;
}

/**
 * From now on, counts the calls of each kernel of the engine in this thread and their total time. The returned function
 * returns the counts since its last call. It is for benches and costs a few microseconds per kernel call. The time of a kernel
 * includes the kernels that it calls. On a GPU it is the time to submit the work, not to execute it.
 */
export function profileKernels(): () => Record<string, KernelTime> {
  let times: Record<string, KernelTime> = {};
  for (const { kernelName, backendName, kernelFunc, ...rest } of tf.getKernelsForBackend(tf.getBackend())) {
    const timed: tf.KernelFunc = (params) => {
      const start = performance.now();
      try {
        return kernelFunc(params);
      } finally {
        times[kernelName] ??= { calls: 0, milliseconds: 0, flop: 0 };
        const time = times[kernelName];
        time.calls += 1;
        time.milliseconds += performance.now() - start;
        time.flop += flopOf(params.attrs);
      }
    };
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...rest, kernelName, backendName, kernelFunc: timed });
  }
  return () => {
    const counted = times;
    times = {};
    return counted;
  };
}

/** Own convolution kernels get their geometry as attributes. All taps count, even those outside the image. */
function flopOf(attributes: object | undefined): number {
  const { kernel, input, output } = (attributes ?? {}) as Partial<ConvGeometry>;
  if (!kernel || !input || !output) return 0;
  return 2 * kernel[0] * kernel[1] * input[3] * output.reduce((product, side) => product * side, 1);
}
