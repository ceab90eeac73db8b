import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import type { RecordSink, Records } from '../tracking/tracker.js';
import { keepOutput } from './process-output.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-output-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function kept(output: string | Uint8Array): Promise<string[]> {
  const file = join(folder, 'training.log');
  writeFileSync(file, output);
  const messages: string[] = [];
  const sink: RecordSink<Pick<Records, 'log'>> = { report: (_, { message }) => messages.push(message) };
  await keepOutput(file, sink);
  return messages;
}

test('short output is kept whole, marked as what it is', async () => {
  expect(await kept('free(): invalid pointer\n\u001b[31mred\u001b[0m\n')).toEqual([
    'the output of the training process:\nfree(): invalid pointer\nred',
  ]);
  expect(await kept('\n \n')).toEqual([]);
});

test('of long output, the last 64 KiB are kept, in lines that are not cut', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
  const messages = await kept(`${lines.join('\n')}\n`);
  expect(messages.length).toBeGreaterThanOrEqual(4);
  for (const message of messages) expect(message.length).toBeLessThanOrEqual(MOST_CHARACTERS.logLine);
  expect(messages[0]).toMatch(/^the last 64 KiB of the output of the training process \(1 of \d\):\nline \d+\n/);
  const shown = messages.flatMap((message) => message.trimEnd().split('\n').slice(1));
  expect(shown).toEqual(lines.slice(-shown.length));
  expect(shown.join('\n').length).toBeGreaterThan(64_000);
});

test('output without a newline, and bytes that are not valid UTF-8, are kept as far as possible', async () => {
  const [first] = await kept(Buffer.alloc(200_000, 'x'));
  expect(first).toContain('xxx');
  expect(await kept(Uint8Array.from([0, 255, 65, 10]))).toEqual([
    'the output of the training process:\n\u{fffd}\u{fffd}A',
  ]);
});
