/** A message of a subscription with cursors (docs/live.md). */
export interface FeedMessage {
  /** Something before this message was not sent: it has to be read. */
  reset: boolean;
}

export interface FeedSource<State, Message extends FeedMessage> {
  /** Reads everything up to now; null if that failed. */
  read: () => Promise<State | null>;
  /** The state after a message. Applying a message twice must change nothing. */
  apply: (state: State, message: Message) => State;
  /** Called with each new state. */
  show: (state: State) => void;
}

/**
 * Puts together what a query reads and what a subscription with cursors sends, so that nothing is missed and nothing is shown twice:
 * the query is asked when a message says `reset`, messages that arrive before its answer are applied to it, and a query that failed
 * is asked again.
 */
export class Feed<State, Message extends FeedMessage> {
  /** Null until the first answer. Without what came before, a message alone would look like everything. */
  private state: State | null = null;
  /** Messages since the newest query was asked, which may not be in its answer; null if none is being asked. */
  private waiting: Message[] | null = null;
  private hasFailed = false;
  private isClosed = false;

  constructor(private readonly source: FeedSource<State, Message>) {}

  receive(message: Message): void {
    if (message.reset) void this.read();
    else if (this.waiting) this.waiting.push(message);
    else if (this.state !== null) this.set(this.source.apply(this.state, message));
  }

  /** Reads everything again, for example because it has grown beyond what is needed. */
  async read(): Promise<void> {
    const waiting: Message[] = [];
    this.waiting = waiting;
    const read = await this.source.read();
    // Another query has been asked since, or nobody looks any more.
    if (this.waiting !== waiting || this.isClosed) return;
    this.waiting = null;
    this.hasFailed = read === null;
    const state = read ?? this.state;
    if (state !== null) this.set(waiting.reduce(this.source.apply, state));
  }

  /** The subscription continues by itself after a lost connection (continue.ts), but a query that failed does not. */
  reconnected(): void {
    if (this.hasFailed) void this.read();
  }

  close(): void {
    this.isClosed = true;
  }

  private set(state: State): void {
    if (state === this.state) return;
    this.state = state;
    if (!this.isClosed) this.source.show(state);
  }
}
