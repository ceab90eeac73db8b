import { expect, it } from 'vitest';
import { csvLine } from './csv.js';

it('quotes only what has a comma, a quote or a line break', () => {
  expect(csvLine(['a b', 'c,d', 'say "no"', 'one\ntwo', 0, null, true])).toBe(
    'a b,"c,d","say ""no""","one\ntwo",0,,true',
  );
});
