import { describe, expect, it } from 'vitest';
import { jsonProblem } from './json-limits.js';

/** Texts of every length around the one from which they are searched, with what matters within strings at every place. */
const TEXTS = [0, 1, 30, 62, 63, 64, 65, 66, 67, 127, 300].flatMap((length) => {
  const plain = 'a'.repeat(length);
  const special = ['"', '\\', ',[{"', '\\"', '\\\\', 'ü,"'].flatMap((text) =>
    [0, 1, length - 1, length].filter((at) => at >= 0).map((at) => plain.slice(0, at) + text + plain.slice(at)),
  );
  return [plain, ...special];
});

/** The brackets that open and the commas, and one. */
function valuesOf(value: unknown): number {
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : null;
  return (
    1 + (inner ? Math.max(inner.length, 1) - 1 + inner.reduce<number>((sum, each) => sum + valuesOf(each) - 1, 1) : 0)
  );
}

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('the limit on values', () => {
  it.each(TEXTS.map((text) => [text]))('does not count what is in strings: %j', (text) => {
    for (const value of [text, [text, 1, text], { [text]: [text], other: { a: text, b: [] } }]) {
      const values = valuesOf(value);
      expect(jsonProblem(bytesOf(value), values)).toBeNull();
      expect(jsonProblem(bytesOf(value), values - 1)).toEqual({ reason: 'JSON_TOO_LONG', most: values - 1 });
    }
  });

  it('reads a string without an end to the end of the text', () => {
    for (const text of TEXTS) {
      const escaped = JSON.stringify(text).slice(0, -1);
      for (const bytes of [Buffer.from(escaped), Buffer.from(`${escaped}\\`)]) expect(jsonProblem(bytes, 1)).toBeNull();
    }
  });
});
