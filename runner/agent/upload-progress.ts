const PROGRESS_MS = 30_000;

/** Logs how far a long upload is, now and then. A short one is not mentioned. */
export class UploadProgress {
  private last: { ms: number; bytes: number } | null = null;
  private sentBytes = 0;
  private isMentioned = false;

  constructor(
    private readonly what: string,
    private readonly totalBytes: number,
    private readonly log: (message: string) => void,
    private readonly everyMs = PROGRESS_MS,
  ) {}

  /** As in "12 of 20 MB". */
  get text(): string {
    return `${megabytes(this.sentBytes)} of ${megabytes(this.totalBytes)} MB`;
  }

  update(sentBytes: number): void {
    this.sentBytes = sentBytes;
    const now = Date.now();
    // What an earlier connection has sent says nothing about the rate.
    this.last ??= { ms: now, bytes: sentBytes };
    if (now - this.last.ms < this.everyMs) return;
    const rate = (sentBytes - this.last.bytes) / (now - this.last.ms);
    this.log(`${this.what}: ${this.text} sent, ${Math.round(rate)} kB/s`);
    this.last = { ms: now, bytes: sentBytes };
    this.isMentioned = true;
  }

  end(): void {
    if (this.isMentioned) this.log(`${this.what}: sent`);
  }
}

/** Of a million bytes. */
function megabytes(bytes: number): string {
  return bytes < 10_000_000 ? (bytes / 1e6).toFixed(1) : String(Math.round(bytes / 1e6));
}
