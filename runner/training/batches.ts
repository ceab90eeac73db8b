import type { StepBatches } from '../data/dataset.js';
import type { Loader } from '../data/loading/loader.js';

/**
 * How many steps are prepared ahead. One would be enough if all took equally long, but decoding a large image, or an image
 * for the first time, sometimes takes longer than a step.
 */
const STEPS_AHEAD = 3;

/** Hands out the batches of consecutive steps and prepares the next ones while the current one is trained on. */
export class Batches {
  private readonly asked = new Map<number, Promise<StepBatches>>();

  constructor(
    private readonly loader: Loader,
    /** The run's number of iterations; nothing is prepared beyond them. */
    private readonly end: number,
  ) {}

  /** @throws Error when an image cannot be read, or a label in it is not a class of the dataset. */
  async take(step: number): Promise<StepBatches> {
    for (let ahead = step; ahead <= Math.min(step + STEPS_AHEAD, this.end - 1); ahead++) this.ask(ahead);
    const batches = await this.asked.get(step)!;
    this.asked.delete(step);
    return batches;
  }

  private ask(step: number): void {
    if (this.asked.has(step)) return;
    const batches = this.loader.batch(step);
    // The step that takes this batch handles its failure. Without this handler, a failure before then would end the process.
    batches.catch(() => undefined);
    this.asked.set(step, batches);
  }
}

/** The number of images that a step trains on, over all streams. */
export function imageCount({ labelled, unlabelled, unlabelledMix }: StepBatches): number {
  return labelled.count + (unlabelled?.count ?? 0) + (unlabelledMix?.count ?? 0);
}
