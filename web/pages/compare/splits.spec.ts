import { describe, expect, it } from 'vitest';
import { differentSplits } from './splits.js';

const run = (number: number, splitHash: string | null, name = 'shapes') => ({ number, splitHash, dataset: { name } });

describe('runs of different labelled images', () => {
  it('are told apart, dataset by dataset', () => {
    expect(differentSplits([run(1, 'a'), run(2, 'b'), run(3, 'a'), run(4, 'x', 'voc')])).toEqual([
      {
        dataset: 'shapes',
        groups: [
          { splitHash: 'a', numbers: [1, 3] },
          { splitHash: 'b', numbers: [2] },
        ],
      },
    ]);
  });

  it('are none when all have the same, or have not drawn theirs yet', () => {
    expect(differentSplits([run(1, 'a'), run(2, 'a'), run(3, null), run(4, 'b', 'voc')])).toEqual([]);
  });
});
