import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { drawImages, drawSplit, openSplit, splitHash, withAllUnlabelled } from './splits.js';

const ids = Array.from({ length: 100 }, (_, i) => `image-${i}`);

describe('drawSplit', () => {
  it('divides the images into two lists', () => {
    const { labelled, unlabelled } = drawSplit(ids, 1 / 8, 3);
    expect(labelled).toHaveLength(13);
    expect([...labelled, ...unlabelled].sort()).toEqual([...ids].sort());
  });

  it('gives nested splits for the ratios of one seed', () => {
    const ratios = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];
    const lists = ratios.map((ratio) => drawSplit(ids, ratio, 7).labelled);
    for (const [index, smaller] of lists.slice(0, -1).entries()) {
      expect(lists[index + 1]).toEqual(expect.arrayContaining(smaller));
    }
  });

  it('nests splits by number with splits by ratio of the same seed', () => {
    expect(drawImages(ids, 25, 7)).toEqual(drawSplit(ids, 0.25, 7));
    expect(drawSplit(ids, 0.25, 7).labelled).toEqual(expect.arrayContaining(drawImages(ids, 22, 7).labelled));
    expect(drawImages(ids, 100, 7).unlabelled).toEqual([]);
  });

  it('can have all images among the unlabelled ones, once each, with the same labelled ones', () => {
    const split = drawImages(ids, 25, 7);
    expect(withAllUnlabelled(split)).toEqual({ ...split, unlabelled: [...ids].sort() });
    expect(withAllUnlabelled(drawImages(ids, 100, 7)).unlabelled).toEqual([...ids].sort());
    const overlapping = { ...split, unlabelled: [...ids].sort(), inBoth: split.labelled };
    expect(withAllUnlabelled(overlapping)).toEqual(overlapping);
  });

  it.each([0, 101, 2.5, Number.NaN])('refuses %s images of 100', (count) => {
    expect(() => drawImages(ids, count, 0)).toThrow(`split.labelledImages: must be a whole number from 1 to 100, the`);
    expect(() => drawImages(ids, count, 0)).toThrow(`got ${count}`);
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
        "image-71",
        "image-84",
      ]
    `);
  });

  it.each([
    [10_582, [662, 1323, 2646, 5291]],
    [2975, [186, 372, 744, 1488]],
    [3, [1, 1, 1, 2]],
  ])('labels as many of %i images as the paper at 1/16, 1/8, 1/4 and 1/2', (images, counts) => {
    const many = Array.from({ length: images }, (_, i) => `image-${i}`);
    expect([16, 8, 4, 2].map((part) => drawSplit(many, 1 / part, 0).labelled.length)).toEqual(counts);
  });

  it('labels at least one image, and with ratio 1 leaves none unlabelled', () => {
    for (const ratio of [0.001, 1e-9]) expect(drawSplit(['a', 'b'], ratio, 0).labelled).toHaveLength(1);
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

  it('refuses an empty list of ids and a duplicate id', () => {
    expect(() => drawSplit([], 0.5, 0)).toThrow('got none');
    expect(() => drawSplit(['a', 'b', 'a'], 0.5, 0)).toThrow('"a" occurs twice');
  });
});

describe('openSplit', () => {
  const source = { name: 'shapes', kind: 'shapes', directory: null } as const;
  const shapes = { ...openShapes('shapes'), source };

  it('draws the configured split', async () => {
    const all = shapes.ids('TRAIN');
    expect(await openSplit(shapes, { labelledRatio: 1 / 8, seed: 3, cover: false })).toEqual(drawSplit(all, 1 / 8, 3));
    expect(await openSplit(shapes, { labelledImages: 22, seed: 3, cover: false })).toEqual(drawImages(all, 22, 3));
  });

  it('refuses to label more images than the dataset has', async () => {
    const refused = openSplit(shapes, { labelledImages: 513, seed: 0, cover: false });
    await expect(refused).rejects.toThrow('from 1 to 512, the number of training images; got 513');
  });
});
