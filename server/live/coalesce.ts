/** What a listener calls while it is attached. */
export interface Sink<Key> {
  /** Reports that `key` has changed. */
  emit(key: Key): void;
  /** Ends the stream. Keys that were already emitted still arrive. */
  end(): void;
}

/**
 * A stream of the keys that changed, each at most once in `intervalMs`. The first change arrives immediately. Later ones
 * arrive together at the end of the interval, and the last is never dropped. Listening starts immediately; `attach` returns
 * a function that stops it. A slow reader gets a key once, no matter how often it was emitted, so at most one entry per key
 * waits.
 */
export function coalesce<Key>(intervalMs: number, attach: (sink: Sink<Key>) => () => void): AsyncIterableIterator<Key> {
  const ready = new Set<Key>();
  const resting = new Map<Key, NodeJS.Timeout>();
  const again = new Set<Key>();
  let ended = false;
  let wake: (() => void) | null = null;

  const offer = (key: Key) => {
    ready.add(key);
    wake?.();
  };
  const emit = (key: Key) => {
    if (resting.has(key)) again.add(key);
    else offer(key);
  };
  const end = () => {
    ended = true;
    wake?.();
  };
  const take = (key: Key) => {
    ready.delete(key);
    const timer = setTimeout(() => {
      resting.delete(key);
      if (again.delete(key)) offer(key);
    }, intervalMs);
    resting.set(key, timer);
  };
  const detach = attach({ emit, end });

  return {
    async next() {
      for (;;) {
        const [key] = ready;
        if (key !== undefined) {
          take(key);
          return { done: false, value: key };
        }
        if (ended && again.size === 0) return { done: true, value: undefined };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    },
    async return() {
      detach();
      for (const timer of resting.values()) clearTimeout(timer);
      again.clear();
      ready.clear();
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
