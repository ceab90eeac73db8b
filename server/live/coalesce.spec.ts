import { afterEach, describe, expect, it, vi } from 'vitest';
import { coalesce, type Sink } from './coalesce.js';

function source(intervalMs: number) {
  let sink!: Sink<string>;
  let detached = false;
  const keys = coalesce<string>(intervalMs, (given) => {
    sink = given;
    return () => {
      detached = true;
    };
  });
  return { keys, sink, isDetached: () => detached };
}

describe('coalesce', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('passes on the first event immediately, and the rest of the interval as one', async () => {
    vi.useFakeTimers();
    const { keys, sink } = source(60);
    sink.emit('a');
    expect((await keys.next()).value).toBe('a');
    for (let i = 0; i < 10; i++) sink.emit('a');
    const heard: string[] = [];
    const hearing = (async () => {
      for await (const key of keys) heard.push(key);
    })();
    await vi.advanceTimersByTimeAsync(59);
    expect(heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toEqual(['a']);
    await keys.return?.();
    await hearing;
  });

  it('does not let a busy key delay another', async () => {
    const { keys, sink } = source(10_000);
    sink.emit('a');
    await keys.next();
    sink.emit('a');
    sink.emit('b');
    expect((await keys.next()).value).toBe('b');
    await keys.return?.();
  });

  it('delivers everything that was emitted before the end, then ends', async () => {
    const { keys, sink } = source(20);
    sink.emit('a');
    await keys.next();
    sink.emit('a');
    sink.end();
    expect(await keys.next()).toEqual({ done: false, value: 'a' });
    expect((await keys.next()).done).toBe(true);
  });

  it('detaches when it is returned, even while a reader waits', async () => {
    const { keys, isDetached } = source(20);
    const waiting = keys.next();
    await keys.return?.();
    expect((await waiting).done).toBe(true);
    expect(isDetached()).toBe(true);
  });
});
