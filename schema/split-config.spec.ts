import { describe, expect, it } from 'vitest';
import { compareSplits, ratioLabel, type SplitConfig, splitLabel } from './split-config.js';

describe('ratioLabel', () => {
  it.each([
    [1, 'all'],
    [0.5, '1/2'],
    [0.125, '1/8'],
    [1 / 30, '1/30'],
    [0.3, '30%'],
    [0.4567, '45.7%'],
  ])('%d is %s', (ratio, label) => expect(ratioLabel(ratio)).toBe(label));
});

describe('splitLabel', () => {
  it.each([
    [{ labelledRatio: 1 / 16 }, '1/16'],
    [{ labelledImages: 22 }, '22 images'],
    [{ labelledImages: 1 }, '1 image'],
    [{ labelledList: '/splits/voc/train_aug_labeled_1-16.txt' }, 'list train_aug_labeled_1-16'],
    [{ labelledList: 'mine.txt' }, 'list mine'],
    [{ labelledList: 'mine.txt', unlabelledList: null }, 'list mine'],
    [{ labelledList: 'mine.txt', unlabelledList: 'lists/others.lst' }, 'list mine (unlabelled: others)'],
    [
      { labelledList: '1_16/labeled.txt', unlabelledList: '1_16/unlabeled.txt' },
      'list 1_16/labeled (unlabelled: 1_16/unlabeled)',
    ],
    [{ labelledList: 'cityscapes/1_16/labeled.txt' }, 'list 1_16/labeled'],
    [{ labelledList: 'C:\\lists\\1_8\\labelled.txt' }, 'list 1_8/labelled'],
  ])('%j is %s', (split, label) => expect(splitLabel(split)).toBe(label));
});

describe('compareSplits', () => {
  it('puts ratios first, then numbers, then lists, each in ascending order', () => {
    const list = (labelledList: string, unlabelledList: string | null = null): SplitConfig => ({
      labelledList,
      unlabelledList,
    });
    const inOrder: SplitConfig[] = [
      { labelledRatio: 1 / 16, seed: 0, cover: false },
      { labelledRatio: 1 / 8, seed: 0, cover: false },
      { labelledImages: 9, seed: 0, cover: false },
      { labelledImages: 22, seed: 0, cover: false },
      list('a_2.txt'),
      list('a_2.txt', 'u_2.txt'),
      list('a_2.txt', 'u_16.txt'),
      list('a_16.txt'),
    ];
    expect([...inOrder].reverse().sort(compareSplits)).toEqual(inOrder);
  });
});
