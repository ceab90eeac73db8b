import type { StepResult } from './branches/branches.js';

/** Sums since the last report, as plain numbers, so that a checkpoint stores them exactly. */
export interface MeterState {
  steps: number;
  sums: Record<string, number>;
}

/**
 * Means over the steps since the last report. The names that a run reports:
 * - `loss`: the total loss of branch 1; `loss_supervised/branch1`, `loss_cross/branch1` (or whatever the method adds) and the
 *   same for `branch2`: the parts of the losses, before weighting;
 * - shares, in [0, 1], of the unlabelled pixels: `agreement`, where both networks chose the same class (a share of the
 *   labelled images' pixels if the run trains only on those); `confident`, where a pseudo-label was confident enough to use;
 * - `gradient_norm/branch1` and `branch2`, if the run clips gradients: the norm of each network's gradient before clipping;
 * - `lr`: the learning rate of the last step; `images_per_second`: training images of all streams, divided by the time of the
 *   steps, without evaluations; `data_wait`: the share of that time, in [0, 1], spent waiting for images;
 * - after an evaluation: `miou/branch1`, `miou/branch2`, `miou/ensemble`, on the validation subset, in [0, 1].
 */
export class Meters {
  private images = 0;
  private seconds = 0;
  private secondsWaiting = 0;

  constructor(private state: MeterState = { steps: 0, sums: {} }) {}

  /** Adds a step that took `seconds` in total, `secondsWaiting` of them waiting for its images. */
  add(result: StepResult, images: number, seconds: number, secondsWaiting: number): void {
    this.images += images;
    this.seconds += seconds;
    this.secondsWaiting += secondsWaiting;
    this.state.steps += 1;
    for (const [name, value] of Object.entries(namedLosses(result))) {
      this.state.sums[name] = (this.state.sums[name] ?? 0) + value;
    }
  }

  /** Returns the means and resets the sums. */
  drain(): Record<string, number> {
    const { steps, sums } = this.state;
    const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / steps]));
    const clock = { images_per_second: this.images / this.seconds, data_wait: this.secondsWaiting / this.seconds };
    const values = { ...means, ...clock };
    this.images = 0;
    this.seconds = 0;
    this.secondsWaiting = 0;
    this.state = { steps: 0, sums: {} };
    return values;
  }

  save(): MeterState {
    return structuredClone(this.state);
  }
}

/** The losses of a step under their reported names. */
export function namedLosses(result: StepResult): Record<string, number> {
  const named: Record<string, number> = { loss: result[0]!.total };
  for (const [i, { parts, gradientNorm }] of result.entries()) {
    for (const [part, value] of Object.entries(parts)) named[`loss_${part}/branch${i + 1}`] = value;
    if (gradientNorm !== undefined) named[`gradient_norm/branch${i + 1}`] = gradientNorm;
  }
  return { ...named, ...result[0]!.shares };
}
