import { afterEach, expect, it, vi } from 'vitest';
import { UploadProgress } from './upload-progress.js';

afterEach(() => void vi.useRealTimers());

it('logs a long upload every 30 s, with the rate since the last line, and its end', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const lines: string[] = [];
  const progress = new UploadProgress('checkpoint of step 4000', 20_000_000, (line) => lines.push(line));
  // An earlier connection has sent 10 MB.
  for (let second = 0; second <= 65; second += 5) {
    progress.update(10_000_000 + second * 61_000);
    vi.advanceTimersByTime(5_000);
  }
  progress.end();
  expect(lines).toEqual([
    'checkpoint of step 4000: 12 of 20 MB sent, 61 kB/s',
    'checkpoint of step 4000: 14 of 20 MB sent, 61 kB/s',
    'checkpoint of step 4000: sent',
  ]);
});

it('does not mention a short one', () => {
  const lines: string[] = [];
  const progress = new UploadProgress('checkpoint of step 1', 5_000_000, (line) => lines.push(line));
  for (const bytes of [0, 1_000_000, 5_000_000]) progress.update(bytes);
  progress.end();
  expect([lines, progress.text]).toEqual([[], '5.0 of 5.0 MB']);
});
