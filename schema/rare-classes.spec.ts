import { describe, expect, it } from 'vitest';
import { rareClassesOf, rareMeanIou } from './rare-classes.js';

/** Shares of the training pixels, in %. */
const CAMVID = {
  ...{ sky: 17.44, building: 24.19, pole: 1.02, road: 33.1, pavement: 4.67, tree: 10.11, sign_symbol: 1.22 },
  ...{ fence: 1.17, car: 6.11, pedestrian: 0.67, bicyclist: 0.3 },
};
const LONGTAIL = {
  ...{ background: 67.2, disc: 16.6, ring: 8, square: 1, triangle: 3.2, cross: 0.4, star: 2.1, horseshoe: 0.8 },
  hexagon: 0.8,
};
const namesOf = (shares: Record<string, number>) =>
  rareClassesOf(Object.values(shares)).map((index) => Object.keys(shares)[index]);

describe('the rare classes', () => {
  it('of CamVid are five of eleven, and of shapes_longtail three of nine', () => {
    expect(namesOf(CAMVID)).toEqual(['pole', 'sign_symbol', 'fence', 'pedestrian', 'bicyclist']);
    expect(namesOf(LONGTAIL)).toEqual(['cross', 'horseshoe', 'hexagon']);
  });

  it('do not exist where all are about equally frequent, and where nothing is known', () => {
    expect(rareClassesOf([70, 5, 5, 4, 6])).toEqual([]);
    expect(rareClassesOf([0, 0])).toEqual([]);
    expect(rareClassesOf([])).toEqual([]);
  });

  it('leave out classes without a pixel, also from the median', () => {
    expect(rareClassesOf([100, 0, 10, 0, 0, 3])).toEqual([5]);
    expect(rareClassesOf([100, 10, 3])).toEqual([2]);
  });
});

describe('their mean IoU', () => {
  it('leaves out classes that the images do not hold, even if they were predicted', () => {
    expect(rareMeanIou([1, 2, 3], [0.9, 0.2, 0, 0.4], [1, 0.5, null, 0.6])).toBeCloseTo(0.3);
    expect(rareMeanIou([2], [0.9, 0.2, 0], [1, 0.5, null])).toBeNull();
    expect(rareMeanIou([], [0.9], [1])).toBeNull();
  });
});
