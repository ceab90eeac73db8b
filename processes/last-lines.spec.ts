import { expect, it } from 'vitest';
import { lastLines } from './last-lines.js';

it('returns the last lines, and makes those of a logger readable', () => {
  const many = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');
  const logged = '{"level":60,"err":{"message":"the disk is full","stack":"at …"},"msg":"it did not start"}\n{odd';
  const lines = lastLines(`${many}a line\n\n${logged}`).split('\n');
  expect(lines).toHaveLength(12);
  expect(lines[0]).toBe('line 12');
  expect(lines.slice(-3)).toEqual(['a line', 'it did not start: the disk is full', '{odd']);
});
