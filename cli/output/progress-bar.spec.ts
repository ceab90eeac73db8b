import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProgressBar } from './progress-bar.js';

const isTerminal = process.stderr.isTTY;
let written: string[];
beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  process.stderr.isTTY = isTerminal;
  vi.restoreAllMocks();
});

it('redraws one line on a terminal, only when it changes, and removes it', () => {
  process.stderr.isTTY = true;
  const bar = new ProgressBar('images checked');
  for (const done of [0, 5000, 5001, 10_000]) bar.show(done, 10_000);
  bar.clear();
  bar.clear();
  expect(written.map((text) => text.replaceAll('\r\x1b[2K', '<'))).toEqual([
    `<${'░'.repeat(30)} 0 % of 10,000 images checked`,
    `<${'█'.repeat(15)}${'░'.repeat(15)} 50 % of 10,000 images checked`,
    `<${'█'.repeat(30)} 100 % of 10,000 images checked`,
    '<',
  ]);
});

it('writes nothing into a file or a pipe', () => {
  process.stderr.isTTY = false;
  const bar = new ProgressBar('images checked');
  bar.show(1, 2);
  bar.clear();
  expect(written).toEqual([]);
});
