import type { StepBatches } from '../data/dataset.js';
import type { Loader } from '../data/loading/loader.js';

/**
 * How many steps are prepared ahead: one would do if all took equally long; an image that is decoded for the first time, or
 * is large, takes longer than a step now and then.
 */
const STEPS_AHEAD = 3;

/** Hands out the batches of consecutive steps; the next ones are prepared while the present one is trained on. */
export class Batches {
  private readonly asked = new Map<number, Promise<StepBatches>>();

  constructor(
    private readonly loader: Loader,
    /** The number of iterations of the run: nothing is prepared beyond them. */
    private readonly end: number,
  ) {}

  /** @throws Error when an image cannot be read, or a label in it is no class of the dataset. */
  async take(step: number): Promise<StepBatches> {
    for (let ahead = step; ahead <= Math.min(step + STEPS_AHEAD, this.end - 1); ahead++) this.ask(ahead);
    const batches = await this.asked.get(step)!;
    this.asked.delete(step);
    return batches;
  }

  private ask(step: number): void {
    if (this.asked.has(step)) return;
    const batches = this.loader.batch(step);
    // Its failure belongs to the step that takes it; until then nobody listens, which would end the process.
    batches.catch(() => undefined);
    this.asked.set(step, batches);
  }
}

/** How many images a step trains on, in all streams. */
export function imageCount({ labelled, unlabelled, unlabelledMix }: StepBatches): number {
  return labelled.count + (unlabelled?.count ?? 0) + (unlabelledMix?.count ?? 0);
}
