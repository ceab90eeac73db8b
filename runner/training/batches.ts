import type { Batch, StepBatches } from '../data/dataset.js';
import type { Loader } from '../data/loader.js';

const IGNORE = 255;

/** Hands out the batches of consecutive steps; the next one is prepared while the present one is trained on. */
export class Batches {
  private next: Promise<StepBatches> | null = null;

  constructor(
    private readonly loader: Loader,
    private readonly classes: number,
    /** The number of iterations of the run: nothing is prepared beyond them. */
    private readonly end: number,
  ) {}

  /** @throws Error when a label is no class of the dataset. */
  async take(step: number): Promise<StepBatches> {
    const batches = await (this.next ?? this.loader.batch(step));
    this.next = step + 1 < this.end ? this.loader.batch(step + 1) : null;
    // Its failure belongs to the step that takes it; until then nobody listens, which would end the process.
    this.next?.catch(() => undefined);
    this.check(batches.labelled);
    return batches;
  }

  private check({ labels }: Batch): void {
    const bad = labels.find((label) => label >= this.classes && label !== IGNORE);
    if (bad === undefined) return;
    throw new Error(`a training label has the value ${bad}; the dataset's classes are 0 to ${this.classes - 1}`);
  }
}

/** How many images a step trains on, in all streams. */
export function imageCount({ labelled, unlabelled, unlabelledMix }: StepBatches): number {
  return labelled.count + (unlabelled?.count ?? 0) + (unlabelledMix?.count ?? 0);
}
