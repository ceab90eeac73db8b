import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import type { OpenDataset } from '../dataset.js';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { coveringOrder } from './cover.js';
import { drawImages, openSplit } from './splits.js';

/** Images named after the classes that they hold. */
const classesOf = (id: string) => new Set(id.replace(/\D/g, '').split('').map(Number));

/** 60 images of class 0, of which few hold others. */
function rareClasses(): OpenDataset {
  const rare = new Map([
    ['image-07', [0, 1]],
    ['image-31', [0, 2]],
    ['image-44', [0, 1, 2]],
    ['image-58', [0, 3]],
  ]);
  const ids = Array.from({ length: 60 }, (_, i) => `image-${String(i).padStart(2, '0')}`);
  return {
    ...openShapes('rare'),
    ids: (subset) => (subset === 'TRAIN' ? ids : []),
    classPixels: async (id) => {
      const held = rare.get(id) ?? [0];
      return [...[0, 1, 2, 3, 4].map((index) => (held.includes(index) ? 5 : 0)), 100];
    },
    source: { name: 'rare', kind: 'shapes', directory: null },
  };
}

describe('the order of a draw that covers every class', () => {
  it('begins with the images that hold the most classes still missing, the earlier of equal ones', () => {
    expect(coveringOrder(['a0', 'b0', 'c01', 'd12', 'e3'], classesOf)).toEqual({
      order: ['c01', 'd12', 'e3', 'a0', 'b0'],
      needed: 3,
    });
  });

  it('is the same as if every image were compared with all others', () => {
    const random = randomStream(1, 'cover');
    const ids = Array.from({ length: 300 }, (_, at) => `${at}`);
    const held = new Map(ids.map((id) => [id, new Set(Array.from({ length: random.int(9) }, () => random.int(60)))]));
    const missing = new Set([...held.values()].flatMap((classes) => [...classes]));
    const chosen: string[] = [];
    while (missing.size > 0) {
      const gains = ids.map((id) => [...held.get(id)!].filter((each) => missing.has(each)).length);
      chosen.push(ids[gains.indexOf(Math.max(...gains))]!);
      for (const each of held.get(chosen.at(-1)!)!) missing.delete(each);
    }
    const { order, needed } = coveringOrder(ids, (id) => held.get(id)!);
    expect(needed).toBe(chosen.length);
    expect(order).toEqual([...chosen, ...ids.filter((id) => !chosen.includes(id))]);
  });

  it('is found for a million images', () => {
    const ids = Array.from({ length: 1_000_000 }, (_, at) => `${at % 10}`);
    expect(coveringOrder(ids, classesOf).needed).toBe(10);
  });

  it('is the given one if the first image holds everything', () => {
    expect(coveringOrder(['a01', 'b0', 'c1'], classesOf)).toEqual({ order: ['a01', 'b0', 'c1'], needed: 1 });
  });
});

describe('split.cover', () => {
  const draw = (labelledImages: number, seed = 0) =>
    openSplit(rareClasses(), { labelledImages, seed, cover: true }).then(({ labelled }) => labelled);

  it('draws a few images that hold every class of the training labels, which a random draw misses', async () => {
    const random = drawImages(rareClasses().ids('TRAIN'), 4, 0).labelled;
    expect(random.filter((id) => ['image-31', 'image-44'].includes(id))).toEqual([]);
    for (const seed of [0, 1, 2]) expect(await draw(2, seed)).toEqual(['image-44', 'image-58']);
    // Class 4 occurs nowhere, and is not asked for.
    const four = await draw(4);
    expect(four).toEqual(expect.arrayContaining(['image-44', 'image-58']));
    expect(await draw(4, 1)).not.toEqual(four);
  });

  it('is nested, and takes the same images for a share as for a number', async () => {
    const nine = await draw(9);
    expect(nine).toEqual(expect.arrayContaining(await draw(5)));
    const ratio = await openSplit(rareClasses(), { labelledRatio: 0.15, seed: 0, cover: true });
    expect(ratio.labelled).toEqual(nine);
    expect(ratio.unlabelled).toHaveLength(51);
  });

  it('is refused if more images are needed, and the message says how many', async () => {
    await expect(draw(1)).rejects.toThrow(
      'split.cover: 1 labelled image cannot be drawn so that every class occurs; this draw needs 2 (',
    );
  });
});
