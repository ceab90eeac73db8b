import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ASK_EVERY_MS, Watch } from './heartbeat.js';

/** What a watch has said, in order. */
function watched() {
  const said: string[] = [];
  const watch = new Watch({
    onSilent: () => said.push('silent'),
    onHeard: () => said.push('heard'),
    onGone: () => said.push('gone'),
  });
  return { said, watch };
}

describe('a server that stops answering', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is noticed within two seconds of its last answer', () => {
    const { said, watch } = watched();
    vi.advanceTimersByTime(ASK_EVERY_MS);
    watch.asked();
    vi.advanceTimersByTime(2000 - ASK_EVERY_MS);
    expect(said).toEqual(['silent']);
  });

  it('is given up later, unless it answers', () => {
    const { said, watch } = watched();
    watch.asked();
    vi.advanceTimersByTime(3000);
    watch.heard();
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual(['silent', 'heard']);
    watch.asked();
    vi.advanceTimersByTime(10_000);
    expect(said.slice(2)).toEqual(['silent', 'gone']);
  });

  it('is not suspected while it answers, or after the connection was closed', () => {
    const { said, watch } = watched();
    for (let i = 0; i < 10; i++) {
      watch.asked();
      vi.advanceTimersByTime(500);
      watch.heard();
      vi.advanceTimersByTime(ASK_EVERY_MS);
    }
    watch.asked();
    watch.stop();
    vi.advanceTimersByTime(10_000);
    expect(said.filter((each) => each !== 'heard')).toEqual([]);
  });
});
