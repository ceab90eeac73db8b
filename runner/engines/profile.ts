import type { ConvGeometry } from '../operations/conv-geometry.js';
import { tf } from '../operations/tf.js';

export interface KernelTime {
  calls: number;
  milliseconds: number;
  /** Floating-point operations of convolutions and their gradients, a multiply-add being two; 0 of anything else. */
  flop: number;
}

/**
 * From now on, counts how often each kernel of the engine runs in this thread and for how long; the returned function
 * answers what has been counted since it was last called. For benches: it costs a few microseconds a call. Kernels that call
 * others count the others' time too. On a GPU the time is that of handing the work over, not of the work.
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

/** Our own convolution kernels take their geometry as attributes. All taps count, those beside the image too. */
function flopOf(attributes: object | undefined): number {
  const { kernel, input, output } = (attributes ?? {}) as Partial<ConvGeometry>;
  if (!kernel || !input || !output) return 0;
  return 2 * kernel[0] * kernel[1] * input[3] * output.reduce((product, side) => product * side, 1);
}
