import { availableParallelism } from 'node:os';
import { hasNativeKernels, timeMultiplyAdds } from '../../runner/kernels/wasm/native-kernels.js';

/** How long one measurement should take. */
const MILLISECONDS = 20;

/**
 * Measures the most that this machine multiplies and adds, in 10^9 floating-point operations per second: a loop over vectors
 * in registers, on all cores at once, with the instructions of the native kernels. Null without native kernels.
 */
export function createPeakMeter(): (() => number) | null {
  if (!hasNativeKernels()) return null;
  const threads = availableParallelism();
  // The first measurement starts the threads and finds out how many rounds fit.
  const probe = 1e6;
  const { milliseconds } = [1, 2].map(() => timeMultiplyAdds(threads, probe))[1]!;
  const rounds = Math.max(1, Math.round((probe * MILLISECONDS) / milliseconds));
  return () => {
    const { flop, milliseconds } = timeMultiplyAdds(threads, rounds);
    return flop / milliseconds / 1e6;
  };
}
