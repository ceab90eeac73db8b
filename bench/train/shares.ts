import type { KernelTime } from '../../runner/engines/profile.js';

/** Kinds of work, and the kernels that do them. Everything else is other work on tensors. */
const KINDS: [kind: string, kernels: RegExp][] = [
  ['convolution', /convolution$|^Conv2D$/],
  ['gradient to the input', /convInputGradient$/],
  ['gradient to the filter', /convFilterGradient$/],
  ['batch normalisation', /batchNorm|trackStatistics|scaleShift/],
  ['cross-entropy and argmax', /crossEntropy|argmax/],
  ['resizing and pooling', /[rR]esize|[mM]axPool/],
  ['optimiser', /sgd/],
];

export interface Shares {
  /** Share of a step's time by kind of work, in percent. The shares add up to 100. */
  percent: Record<string, number>;
  /** Operations of the convolutions and their gradients in one step, in 10^9. */
  gflop: number;
}

/** The shares of one step, from the times of the kernels in `steps` steps and the milliseconds that a step takes. */
export function sharesOf(times: Record<string, KernelTime>, steps: number, milliseconds: number): Shares {
  const percent: Record<string, number> = Object.fromEntries(KINDS.map(([kind]) => [kind, 0]));
  percent['other work on tensors'] = 0;
  let known = 0;
  let flop = 0;
  for (const [kernel, time] of Object.entries(times)) {
    const [kind = 'other work on tensors'] = KINDS.find(([, kernels]) => kernels.test(kernel)) ?? [];
    const share = (100 * time.milliseconds) / steps / milliseconds;
    percent[kind]! += share;
    known += share;
    flop += time.flop / steps;
  }
  percent['outside of kernels'] = 100 - known;
  for (const [kind, share] of Object.entries(percent)) percent[kind] = Math.round(10 * share) / 10;
  return { percent, gflop: flop / 1e9 };
}
