/**
 * Counts the time that a run with `training.maxHours` has trained: steps, evaluations, samples and checkpoints, in all
 * attempts, but not setups, nor what was lost after a checkpoint. A run without a limit does not count.
 */
export class TrainingClock {
  private readonly started = performance.now();

  /** @param savedSeconds what the checkpoint says */
  constructor(
    private readonly maxHours: number | null,
    private readonly savedSeconds = 0,
  ) {}

  get hours(): number {
    return (this.savedSeconds + (performance.now() - this.started) / 1000) / 3600;
  }

  get isOver(): boolean {
    return this.maxHours !== null && this.hours >= this.maxHours;
  }

  /** For the checkpoint. */
  save(): { trainedSeconds?: number } {
    return this.maxHours === null ? {} : { trainedSeconds: this.hours * 3600 };
  }
}
