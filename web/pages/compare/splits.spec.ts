import { describe, expect, it } from 'vitest';
import { differentSplits, type SplitRun } from './splits.js';

const run = (
  number: number,
  splitHash: string | null,
  name = 'shapes',
  unlabelledList: string | null = null,
): SplitRun => ({ number, splitHash, unlabelledList, dataset: { name } });

describe('runs on different images', () => {
  it('are grouped, dataset by dataset', () => {
    expect(differentSplits([run(1, 'a'), run(2, 'b'), run(3, 'a'), run(4, 'x', 'voc')])).toEqual([
      {
        dataset: 'shapes',
        groups: [
          { splitHash: 'a', unlabelledList: null, numbers: [1, 3] },
          { splitHash: 'b', unlabelledList: null, numbers: [2] },
        ],
      },
    ]);
  });

  it('are grouped by their unlabelled images, too', () => {
    const runs = [run(1, 'a'), run(2, 'a', 'shapes', 'rest.txt'), run(3, 'a', 'shapes', 'rest.txt')];
    expect(differentSplits(runs)).toEqual([
      {
        dataset: 'shapes',
        groups: [
          { splitHash: 'a', unlabelledList: null, numbers: [1] },
          { splitHash: 'a', unlabelledList: 'rest.txt', numbers: [2, 3] },
        ],
      },
    ]);
  });

  it('do not include runs that all have the same images, or that have not drawn a split yet', () => {
    expect(differentSplits([run(1, 'a'), run(2, 'a'), run(3, null), run(4, 'b', 'voc')])).toEqual([]);
  });
});
