import { expect, it } from 'vitest';
import { cutTo, onOneLine, padEndTo, padStartTo, widestOf } from './display-width.js';

it('a wide character takes two columns, and an accent or an escape sequence none', () => {
  expect(['abc', '한글', 'e\u0301', '👩‍🔬', '█▁×±–'].map((text) => widestOf([text]))).toEqual([3, 4, 1, 2, 5]);
  expect(widestOf(['a', '열 1', 'abc'])).toBe(4);
  expect(widestOf([])).toBe(0);
});

it('texts are cut between characters', () => {
  expect([0, 1, 2, 3, 4, 9].map((width) => cutTo('한글e\u0301', width))).toEqual([
    '',
    '',
    '한',
    '한',
    '한글',
    '한글e\u0301',
  ]);
  expect(cutTo('👩‍🔬👩‍🔬', 3)).toBe('👩‍🔬');
});

it('texts are filled up to a width', () => {
  expect([padEndTo('한', 4), padStartTo('한', 4), padEndTo('한글', 3)]).toEqual(['한  ', '  한', '한글']);
});

it('what would move the cursor becomes a space', () => {
  expect(onOneLine('a\r\nb\nc\td\u2028e\x1b[31mf\bg')).toBe('a b c d ef g');
});
