/** How many answers are remembered. */
const SAMPLES = 8;
/** By how much the estimates of two answers may differ, besides the times that they took, before the older one is dropped. */
const TOLERANCE_MS = 500;
/** Records reach the agent within moments. An older one was dated before this machine's clock was set. */
const LONGEST_AGE_MS = 60_000;
/** Times that a server may have. */
const [EARLIEST, LATEST] = [Date.UTC(2000), Date.UTC(2100)];

interface Sample {
  /** What the monotonic clock lacks to the server's time, in ms. */
  offsetMs: number;
  /** How long the request took, in ms: the estimate is wrong by at most half of it. */
  tookMs: number;
}

/** What time it is on the server. This machine's own clock may be wrong, or may be set while a run trains. */
export class ServerClock {
  private samples: Sample[] = [];

  /**
   * @param now this machine's clock, in ms since 1970
   * @param monotonic in ms; nothing sets it
   */
  constructor(
    private readonly now: () => number = Date.now,
    readonly monotonic: () => number = () => performance.now(),
  ) {}

  /**
   * Learns from an answer. A time that no server can have is ignored.
   * @param time the server's time when it received the request, ISO 8601; null if it did not say
   * @param sentMs when the request was sent, and `receivedMs` when its answer began, by the monotonic clock
   */
  learn(time: string | null, sentMs: number, receivedMs: number): void {
    const serverMs = Date.parse(time ?? '');
    if (!(serverMs > EARLIEST && serverMs < LATEST)) return;
    const sample = { offsetMs: serverMs - (sentMs + receivedMs) / 2, tookMs: receivedMs - sentMs };
    // One of the clocks was set, or this machine was asleep.
    const agreeing = this.samples.filter(
      ({ offsetMs, tookMs }) => Math.abs(offsetMs - sample.offsetMs) <= (tookMs + sample.tookMs) / 2 + TOLERANCE_MS,
    );
    this.samples = [...agreeing, sample].slice(-SAMPLES);
  }

  /** The server's time of a moment that this machine's clock has dated just now; the same if the server's is not known. */
  correct(time: string): string {
    const [first, ...others] = this.samples;
    if (!first) return time;
    const best = others.reduce((one, other) => (other.tookMs < one.tookMs ? other : one), first);
    const ageMs = Math.min(Math.max(this.now() - Date.parse(time), 0), LONGEST_AGE_MS);
    return new Date(this.monotonic() + best.offsetMs - ageMs).toISOString();
  }
}
