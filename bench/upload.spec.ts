import { expect, it } from 'vitest';
import { uploadSlowly } from './slow-upload.js';

it('a checkpoint arrives over a line that breaks ten times, and hardly any byte of it is sent twice', async () => {
  const bytes = 5_000_000;
  const lines: string[] = [];
  const { state, sentBytes, lateSeconds, stored } = await uploadSlowly({
    bytes,
    bytesPerSecond: 1_000_000,
    cuts: 10,
    log: (line) => lines.push(line),
  });
  expect(state, lines.join('\n')).toBe('COMPLETED');
  expect(stored, lines.join('\n')).toEqual({ step: 1, bytes });
  expect(sentBytes / bytes).toBeLessThan(1.1);
  expect(lines.filter((line) => line.startsWith('warning: '))).toEqual([]);
  // The run has not waited for it.
  expect(lateSeconds).toBeGreaterThan(1);
});
