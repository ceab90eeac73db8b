import { describe, expect, it } from 'vitest';
import { parseField, parseFields, parseSort, printSort } from './parse-lists.js';
import type { FilterField, SortKey } from './tree.js';

const errorOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};
const asc = (field: FilterField): SortKey => ({ field, descending: false });
const desc = (field: FilterField): SortKey => ({ field, descending: true });

describe('what runs are sorted by', () => {
  it.each<[string, SortKey[]]>([
    ['created', [asc({ path: 'created' })]],
    ['miou desc', [desc({ score: 'miou' })]],
    ['miou ASC, name DESC', [asc({ score: 'miou' }), desc({ path: 'name' })]],
    [
      'iou("pole", network: ensemble) desc, training.iterations',
      [desc({ score: 'iou', class: 'pole', network: 'ensemble' }), asc({ path: 'training.iterations' })],
    ],
    ['last("a, b"), alarm(drop) desc', [asc({ metric: 'a, b', of: 'last' }), desc({ alarm: 'drop' })]],
    ['속도 desc', [desc({ path: '속도' })]],
    // A field may have the name of a direction.
    ['desc desc, asc', [desc({ path: 'desc' }), asc({ path: 'asc' })]],
  ])('%s', (text, expected) => {
    const keys = parseSort(text).map(({ field, descending }) => ({ field, descending }));
    expect(keys).toEqual(expected);
    expect(parseSort(printSort(keys)).map(({ field, descending }) => ({ field, descending }))).toEqual(expected);
  });

  it.each([
    ['', 'character 1: expected the name of a field; got the end'],
    ['miou,', 'character 6: expected the name of a field; got the end'],
    ['miou down', 'character 6: expected "asc", "desc", "," or the end; got down'],
    ['miou desc asc', 'character 11: expected "asc", "desc", "," or the end; got asc'],
    ['miou > 5', 'character 6: expected "asc", "desc", "," or the end; got >'],
    ['x'.repeat(4001), 'character 4001: must have at most 4000 characters; got 4001'],
  ])('%s is wrong', (text, message) => {
    expect(errorOf(() => parseSort(text))).toBe(message);
  });
});

describe('fields', () => {
  it('know where they begin', () => {
    expect(parseFields('state,  iou("a, b"), miou')).toEqual([
      { field: { path: 'state' }, character: 1 },
      { field: { score: 'iou', class: 'a, b' }, character: 9 },
      { field: { score: 'miou' }, character: 22 },
    ]);
    expect(parseField(' miou')).toEqual({ field: { score: 'miou' }, character: 2 });
  });

  it.each([
    ['state miou', 'character 7: expected "," or the end; got miou'],
    ['state, miou', 'character 8: expected one field; got several'],
    ['"state"', 'character 1: expected the name of a field; got the text "state"'],
    ['miou desc', 'character 6: expected "," or the end; got desc'],
  ])('%s is not one', (text, message) => {
    expect(errorOf(() => parseField(text))).toBe(message);
  });
});
