/** What happens when the server stops answering. */
interface Heartbeat {
  /** It has not answered for a moment. */
  onSilent: () => void;
  /** It has answered again. */
  onHeard: () => void;
  /** It has not answered for so long that a new connection is better. */
  onGone: () => void;
}

/** How often the server is asked whether it is there, after its last answer. */
export const ASK_EVERY_MS = 800;
/** So that a lost connection is said within two seconds. */
const SILENT_AFTER_MS = 900;
const GONE_AFTER_MS = 6_000;
/** A busy page handles what has arrived before it believes that nothing has. */
const GRACE_MS = 100;

/**
 * Notices that the server does not answer. A closed socket says so itself, but a cable that is pulled or a laptop that moves to
 * another network does not: the socket stays open, and nothing arrives.
 */
export class Watch {
  private timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly heartbeat: Heartbeat) {}

  /** The server was asked and should answer. */
  asked(): void {
    this.stop();
    const { onSilent, onGone } = this.heartbeat;
    const afterGrace = () => this.timers.push(setTimeout(onSilent, GRACE_MS));
    this.timers = [setTimeout(afterGrace, SILENT_AFTER_MS), setTimeout(onGone, GONE_AFTER_MS)];
  }

  /** Something arrived. */
  heard(): void {
    this.stop();
    this.heartbeat.onHeard();
  }

  /** The connection is closed, or about to be. */
  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }
}
