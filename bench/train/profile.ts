import type { StepBatches } from '../../runner/data/dataset.js';
import { profileKernels, timesOnGpu } from '../../runner/engines/profile.js';
import type { Branches, BranchOptions } from '../../runner/training/branches/branches.js';
import { openTogether } from '../../runner/training/branches/together.js';
import type { Rates } from '../../runner/training/schedule.js';
import { type Shares, sharesOf } from './shares.js';

const PROFILED_STEPS = 3;

interface Profile extends Shares {
  /** Whose time the shares are of: of the GPU, or of the thread, which for a GPU that cannot time its work only submits it. */
  timedOn: 'gpu' | 'thread';
}

/** What a step of both networks in this thread consists of, with the kernels that `auto` chooses. */
export async function profile(
  options: BranchOptions,
  batches: StepBatches,
  { rates, warmUp }: { rates: Rates; warmUp: number },
): Promise<Profile> {
  const branches = await openTogether(options);
  for (let step = 0; step < warmUp; step++) await branches.step(step, batches, rates);
  const onGpu = timesOnGpu();
  // Where the GPU times its work, a step takes far longer than usual, so the usual steps are timed first.
  const usual = onGpu ? await millisecondsOf(branches, batches, rates) : null;
  const read = profileKernels();
  const milliseconds = await millisecondsOf(branches, batches, rates);
  const shares = sharesOf(await read(), PROFILED_STEPS, usual ?? milliseconds);
  await branches.dispose();
  return { ...shares, timedOn: onGpu ? 'gpu' : 'thread' };
}

async function millisecondsOf(branches: Branches, batches: StepBatches, rates: Rates): Promise<number> {
  const start = performance.now();
  for (let step = 0; step < PROFILED_STEPS; step++) await branches.step(step, batches, rates);
  return (performance.now() - start) / PROFILED_STEPS;
}
