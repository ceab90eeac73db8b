import type { RunConfig } from '../../schema/run-config.js';
import type { Branches } from './branches/branches.js';
import { restartOf } from './schedule.js';

/**
 * Keeps the network of the first round that has the highest mean IoU on val, for a method whose teacher in the second round is
 * the best network and not the last one.
 */
export class BestOnVal {
  /** The step after which the second round begins; null if no network is to be kept. */
  private readonly end: number | null;

  /** @param best the highest mean IoU so far, from a checkpoint */
  constructor(
    config: RunConfig,
    private readonly branches: Pick<Branches, 'keep'>,
    private best: number | null = null,
  ) {
    this.end = 'teacher' in config.method && config.method.teacher === 'best' ? restartOf(config) : null;
  }

  /** Whether the network after this step must be evaluated: the last one of the first round takes part, too. */
  needs(step: number): boolean {
    return step === this.end;
  }

  /** Of two equally good networks, the earlier one is kept. Without val images, `score` is undefined and none is kept. */
  async evaluated(step: number, score: number | undefined): Promise<void> {
    if (this.end === null || step > this.end || score === undefined || Number.isNaN(score)) return;
    if (this.best !== null && score <= this.best) return;
    await this.branches.keep();
    this.best = score;
  }

  /** The state for a checkpoint. */
  save(): { best?: number } {
    return this.best === null ? {} : { best: this.best };
  }
}
