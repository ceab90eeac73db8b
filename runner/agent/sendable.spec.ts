import { expect, test } from 'vitest';
import { sendable } from './sendable.js';

test.each([
  ['NUL', 'a\0b', 'a\u{fffd}b'],
  ['halves of surrogate pairs', 'a\ud800b\udc00', 'a\u{fffd}b\u{fffd}'],
  ['a pair', 'a\u{1f600}', 'a\u{1f600}'],
  ['escape sequences', '\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'red link'],
  ['lines and tabs', 'one\n\ttwo', 'one\n\ttwo'],
])('a text with %s', (_, text, sent) => {
  expect(sendable(text, 100)).toBe(sent);
});

test('a long text is cut within the limit, and says how much is missing', () => {
  const sent = sendable('x'.repeat(10_000_000), 1000);
  expect(sent).toBe(`${'x'.repeat(960)}… (9999040 more characters)`);
  expect(sendable('x'.repeat(1000), 1000)).toBe('x'.repeat(1000));
});

test('a cut within a surrogate pair leaves no half of it', () => {
  expect(sendable('\u{1f600}'.repeat(1000), 101)).not.toMatch(/\p{Cs}/u);
});
