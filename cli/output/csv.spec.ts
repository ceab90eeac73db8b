import { expect, it } from 'vitest';
import { csvLine } from './csv.js';

it('quotes only what has a comma, a quote or a line break', () => {
  expect(csvLine(['a b', 'c,d', 'say "no"', 'one\ntwo', 0, null, true])).toBe(
    'a b,"c,d","say ""no""","one\ntwo",0,,true',
  );
});

it('writes no text that a spreadsheet would take for a formula', () => {
  expect(csvLine(['=HYPERLINK("http://example.org")', '+1', '@SUM(A1)', '-cmd', -1, '-0.5', '-Infinity'])).toBe(
    `"'=HYPERLINK(""http://example.org"")",'+1,'@SUM(A1),'-cmd,-1,-0.5,-Infinity`,
  );
});
