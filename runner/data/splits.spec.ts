import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawSplit, splitHash } from './splits.js';

const ids = Array.from({ length: 100 }, (_, i) => `image-${i}`);

describe('drawSplit', () => {
  it('divides the images in two', () => {
    const { labelled, unlabelled } = drawSplit(ids, 1 / 8, 3);
    expect(labelled).toHaveLength(13);
    expect([...labelled, ...unlabelled].sort()).toEqual([...ids].sort());
  });

  it('is nested over the ratios of one seed', () => {
    const ratios = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];
    const lists = ratios.map((ratio) => drawSplit(ids, ratio, 7).labelled);
    for (const [index, smaller] of lists.slice(0, -1).entries()) {
      expect(lists[index + 1]).toEqual(expect.arrayContaining(smaller));
    }
  });

  it('depends on the seed, not on the order of the ids', () => {
    expect(drawSplit([...ids].reverse(), 0.25, 1)).toEqual(drawSplit(ids, 0.25, 1));
    expect(drawSplit(ids, 0.25, 2).hash).not.toBe(drawSplit(ids, 0.25, 1).hash);
  });

  it('draws the same split on every machine and in every version', () => {
    expect(drawSplit(ids, 1 / 16, 0).labelled).toMatchInlineSnapshot(`
      [
        "image-0",
        "image-43",
        "image-51",
        "image-67",
        "image-68",
        "image-84",
      ]
    `);
  });

  it('labels at least one image, and with ratio 1 leaves none unlabelled', () => {
    expect(drawSplit(['a', 'b'], 0.001, 0).labelled).toHaveLength(1);
    expect(drawSplit(['b', 'a'], 1, 0)).toMatchObject({ labelled: ['a', 'b'], unlabelled: [] });
  });

  it('is identified by the SHA-256 of its sorted labelled ids', () => {
    const expected = createHash('sha256').update('a\nb\nc').digest('hex');
    expect(drawSplit(['c', 'a', 'b'], 1, 0).hash).toBe(expected);
    expect(splitHash(['b', 'c', 'a'])).toBe(expected);
  });

  it.each([0, -0.5, 1.01, Number.NaN])('refuses the ratio %s', (ratio) => {
    expect(() => drawSplit(ids, ratio, 0)).toThrow(`(0, 1]; got ${ratio}`);
  });

  it('refuses no ids and an id that occurs twice', () => {
    expect(() => drawSplit([], 0.5, 0)).toThrow('got none');
    expect(() => drawSplit(['a', 'b', 'a'], 0.5, 0)).toThrow('"a" occurs twice');
  });
});
