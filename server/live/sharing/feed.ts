import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Batch, First, Source } from './source.js';

/** How many batches are kept at most for followers that have not taken them yet. A slower one reads for itself, from where it is. */
const KEPT_BATCHES = 4;
/** How many followers are woken before the process does something else, such as receive a report. */
const WOKEN_AT_ONCE = 50;
/** After a batch, the feed rests this many times as long as the batch took, so that many followers get fewer, larger batches. */
const REST_PER_WORK = 1;
const LONGEST_REST_MS = 1000;
/** The position of a follower that has taken nothing yet, or has left. */
const NOWHERE = Number.NEGATIVE_INFINITY;

/** Turns what was read into what followers receive. */
export type Render<Payload, Message> = (payloads: readonly Payload[]) => Promise<Message[]>;

/**
 * Delivers a source to any number of followers. What was added is read and rendered once for all that are at the same position;
 * a follower that is elsewhere (it was disconnected, or is slow) reads from its own position, so that none misses or repeats anything.
 * The first addition after a quiet time is delivered at once. What is added while a batch is being read and delivered becomes the next batch.
 * A follower holds at most one batch, and takes the next one when it has passed on that.
 */
export class Feed<Payload, Message> {
  private readonly followers = new Set<Follower>();
  private readonly batches = new Map<string, { from: number; reading: Promise<Batch<Message>> }>();
  /** How many followers are at each position. */
  private readonly at = new Map<number, number>();
  private readonly opened: Promise<void>;
  private stopListening: (() => void) | null = null;
  /** Everything up to here can be read by followers. */
  private position = 0;
  /** The newest position that was heard of; null if it has to be asked for. */
  private heard: number | null = 0;
  private working = true;
  private ending = false;
  private failure: { error: unknown } | null = null;

  /** @param onEmpty called when the last follower has left, and after a failure: the feed is closed then */
  constructor(
    private readonly source: Source<Payload>,
    private readonly onEmpty: () => void = () => {},
  ) {
    this.opened = this.open();
    // Those who follow see the failure.
    this.opened.catch(() => {});
  }

  /** Follows the source until `return` is called or the source ends. Rejects if reading fails. */
  follow(first: First<Payload>, render: Render<Payload, Message>): AsyncIterableIterator<Message> {
    const follower = new Follower();
    this.followers.add(follower);
    let batch: Batch<Message> | null = null;
    let taken = 0;
    const take = (next: Batch<Message>) => {
      batch = next;
      taken = 0;
      this.move(follower, next.position);
      return next;
    };
    const next = async (): Promise<IteratorResult<Message>> => {
      let now = batch ?? take(await this.join(first, render));
      for (;;) {
        if (follower.left) return { done: true, value: undefined };
        if (taken < now.contents.length) return { done: false, value: now.contents[taken++]! };
        if (this.failure) throw this.failure.error;
        if (this.position > now.position) now = take(await this.batch(now.position, this.position, render));
        else if (this.ending && !this.working) return { done: true, value: undefined };
        else await follower.awake();
      }
    };
    return {
      next: () =>
        next().then(
          (result) => {
            if (result.done) this.leave(follower);
            return result;
          },
          (error: unknown) => {
            const hasLeft = follower.left;
            this.leave(follower);
            if (hasLeft) return { done: true, value: undefined };
            throw error;
          },
        ),
      return: async () => {
        this.leave(follower);
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  private async open(): Promise<void> {
    try {
      this.stopListening = this.source.listen({ changed: (position) => this.hear(position), end: () => this.end() });
      this.position = await this.source.newest();
      this.working = false;
      if (this.heard === null || this.heard > this.position || this.ending) this.work();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** What a follower receives first. From then on, it can wait to be woken. */
  async join(first: First<Payload>, render: Render<Payload, Message>): Promise<Batch<Message>> {
    await this.opened;
    const { contents, position } = await first(this.position);
    return { contents: contents.length > 0 ? await render(contents) : [], position };
  }

  /** Moves a follower to a position. When the last one has left a position, the batches that begin there are no longer needed. */
  private move(follower: Follower, position: number): void {
    if (follower.left) return;
    const before = follower.position;
    follower.position = position;
    if (position !== NOWHERE) this.at.set(position, (this.at.get(position) ?? 0) + 1);
    const left = (this.at.get(before) ?? 0) - 1;
    if (left > 0) this.at.set(before, left);
    else {
      this.at.delete(before);
      for (const [key, { from }] of this.batches) if (from === before) this.batches.delete(key);
    }
  }

  private leave(follower: Follower): void {
    this.move(follower, NOWHERE);
    follower.leave();
    if (this.followers.delete(follower) && this.followers.size === 0) this.close();
  }

  private close(): void {
    this.stopListening?.();
    this.stopListening = null;
    this.onEmpty();
  }

  private hear(position: number | undefined): void {
    // If the position is behind, it was overtaken, or the source has gone back; then reading from it says so.
    if (position === undefined || position < this.position) this.heard = null;
    else if (this.heard !== null) this.heard = Math.max(this.heard, position);
    if (!this.working) this.work();
  }

  private end(): void {
    this.ending = true;
    if (!this.working) this.work();
  }

  private fail(error: unknown): void {
    this.failure = { error };
    this.close();
    for (const follower of this.followers) follower.wake();
  }

  private work(): void {
    this.working = true;
    this.deliver().catch((error: unknown) => this.fail(error));
  }

  private async deliver(): Promise<void> {
    while (this.followers.size > 0 && (this.heard === null || this.heard > this.position)) {
      const startMs = performance.now();
      await this.advance();
      await sleep(Math.min(LONGEST_REST_MS, REST_PER_WORK * (performance.now() - startMs)), undefined, { ref: false });
    }
    this.working = false;
    if (this.ending) await this.wakeAll();
  }

  private async advance(): Promise<void> {
    const asked = this.heard === null;
    if (asked) this.heard = this.position;
    const newest = asked ? await this.source.newest() : this.heard!;
    if (newest <= this.position) return;
    this.position = newest;
    await this.wakeAll();
  }

  private async wakeAll(): Promise<void> {
    let woken = 0;
    for (const follower of [...this.followers]) {
      follower.wake();
      if (++woken % WOKEN_AT_ONCE === 0) await nextTurn();
    }
    // The batch is part of the work: followers ask for it when they are woken, which is in this turn.
    await nextTurn();
    await Promise.allSettled([...this.batches.values()].map(({ reading }) => reading));
    let oldest = this.position;
    for (const { position } of this.followers) oldest = Math.min(oldest, position);
    this.source.forget?.(oldest);
  }

  /** What came after `from`, rendered once for all who ask for the same. */
  private batch(from: number, to: number, render: Render<Payload, Message>): Promise<Batch<Message>> {
    const key = `${from} ${to}`;
    const known = this.batches.get(key);
    if (known) return known.reading;
    const reading = this.read(from, to, render);
    this.batches.set(key, { from, reading });
    reading.catch(() => this.batches.delete(key));
    const [oldest] = this.batches.keys();
    if (this.batches.size > KEPT_BATCHES) this.batches.delete(oldest!);
    return reading;
  }

  private async read(from: number, to: number, render: Render<Payload, Message>): Promise<Batch<Message>> {
    const { contents, position } = await this.source.read(from, to);
    return { contents: contents.length > 0 ? await render(contents) : [], position };
  }
}

/** Somebody who waits for more. */
class Follower {
  /** The position after the newest batch that it has taken. */
  position = NOWHERE;
  left = false;
  private wakeUp: (() => void) | null = null;
  private woken = false;

  /** Resolves at the next call of `wake`, or at once if it was called since the last time. */
  awake(): Promise<void> {
    if (this.woken || this.left) {
      this.woken = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.wakeUp = () => {
        this.woken = false;
        resolve();
      };
    });
  }

  wake(): void {
    this.woken = true;
    this.wakeUp?.();
    this.wakeUp = null;
  }

  leave(): void {
    this.left = true;
    this.wake();
  }
}
