/**
 * Ends a transfer that has stopped. There is no limit on the total time of a transfer, because a line may be slow, but the
 * next bytes must come within `ms`.
 */
export class IdleTimer {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly ms: number) {
    this.touch();
  }

  /** Aborts when nothing has happened for too long. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has happened. @param ms until when the next must happen */
  touch(ms = this.ms): void {
    this.stop();
    const end = () => this.controller.abort(new Error(`the transfer made no progress within ${ms / 1000} s`));
    this.timer = setTimeout(end, ms);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
