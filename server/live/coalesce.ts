/** What a listener may do while it is attached. */
export interface Sink<Key> {
  /** Something happened to `key`. */
  emit(key: Key): void;
  /** Nothing will happen any more; what was emitted still arrives. */
  end(): void;
}

/**
 * Keys to which something happened, each at most once in `intervalMs`: the first at once, later ones together at the end
 * of the interval, the last never dropped. Listening starts at once; `attach` answers how to stop it. A slow reader finds
 * a key once, however often it was emitted, so what waits is bounded by the number of keys.
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
