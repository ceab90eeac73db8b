import { expect, vi } from 'vitest';
import { Feed } from '../live/sharing/feed.js';

/** How long a test waits for something that takes milliseconds on an idle machine. */
export const LIMIT_MS = 20_000;

/** Starts a subscription, and waits until a feed in this process delivers to it what is stored from then on. */
export async function joined<T>(start: () => T | Promise<T>): Promise<T> {
  const joining = vi.spyOn(Feed.prototype, 'join');
  try {
    const started = await start();
    await vi.waitFor(() => expect(joining).toHaveBeenCalled(), { timeout: LIMIT_MS, interval: 5 });
    await Promise.all(joining.mock.results.map(({ value }) => value));
    return started;
  } finally {
    joining.mockRestore();
  }
}
