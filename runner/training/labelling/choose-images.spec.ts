import { expect, it } from 'vitest';
import { tinyConfig } from '../../testing/tiny.js';
import { chooseImages } from './choose-images.js';

const ids = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const split = { labelled: ids(4, 'l'), unlabelled: ids(20, 'u') };
const pixelsOf = async () => 64 * 64;

/** Two labelled and two unlabelled crops of 32x32 a step: a tenth of 40 steps is as many pixels as four images. */
const config = (iterations: number, reviewImages = 1000) => tinyConfig({ training: { iterations, reviewImages } });

it('reviews at most a tenth of the pixels that are trained on, spread over the images', async () => {
  expect(await chooseImages({ config: config(40), split }, pixelsOf)).toEqual({
    labelled: ['l0', 'l2'],
    unlabelled: ['u0', 'u10'],
  });
  expect(await chooseImages({ config: config(240), split }, pixelsOf)).toEqual(split);
  expect(await chooseImages({ config: config(3), split }, pixelsOf)).toEqual({ labelled: [], unlabelled: [] });
});

it('gives all of it to labelled images if there are no others', async () => {
  const labelledOnly = { ...split, unlabelled: [] };
  expect(await chooseImages({ config: config(40), split: labelledOnly }, pixelsOf)).toEqual(labelledOnly);
});

it('reviews as many of each as the configuration says, and leaves out labelled ones among the unlabelled', async () => {
  const { labelled, unlabelled } = await chooseImages({ config: config(1000, 3), split }, pixelsOf);
  expect({ labelled, unlabelled }).toEqual({ labelled: ['l0', 'l1', 'l2'], unlabelled: ['u0', 'u6', 'u13'] });
  const all = { labelled: ['a'], unlabelled: ['a', 'b'] };
  expect((await chooseImages({ config: config(1000), split: all }, pixelsOf)).unlabelled).toEqual(['b']);
});

it('reviews nothing, and loads nothing, if the configuration says so', async () => {
  const unreadable = async () => {
    throw new Error('loaded');
  };
  expect(await chooseImages({ config: config(1000, 0), split }, unreadable)).toEqual({ labelled: [], unlabelled: [] });
});
