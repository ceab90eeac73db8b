import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../../../schema/run-config.js';
import { countRuns } from '../../../schema/study-matrix.js';
import { loadLanguage } from '../../messages/language.js';
import {
  methodDefaults,
  readJson,
  readMatrix,
  readRatio,
  readSeeds,
  readSplit,
  showSplit,
  startingConfig,
  valueAt,
  withValueAt,
} from './draft.js';

beforeAll(() => loadLanguage('en'));

describe('the form for a new run', () => {
  it('starts from a configuration that the server accepts', () => {
    const config = startingConfig('shapes');
    expect(parseRunConfig(config)).toEqual({ ok: true, config });
    expect(methodDefaults('cps')).toMatchObject({ name: 'cps', on: 'both' });
  });

  it('reads the usual ways to write splits and seeds', () => {
    const matrix = readMatrix(['cps'], '1/16, 22;0.3, 1, 1 image, lists/1_8.TXT', '0-2, 7');
    expect(matrix).toEqual({
      methods: [methodDefaults('cps')],
      splits: [
        { labelledRatio: 1 / 16 },
        { labelledImages: 22 },
        { labelledRatio: 0.3 },
        { labelledRatio: 1 },
        { labelledImages: 1 },
        { labelledList: 'lists/1_8.TXT' },
      ],
      seeds: [0, 1, 2, 7],
    });
    expect(countRuns(matrix)).toBe(24);
    expect(readSeeds('0-2, 7')).toEqual([0, 1, 2, 7]);
  });

  it.each(['', ' , '])('leaves the split to the configuration where none is named: "%s"', (labelled) => {
    const matrix = readMatrix(['supervised', 'cps'], labelled, '0-2');
    expect(matrix).not.toHaveProperty('splits');
    expect(countRuns(matrix)).toBe(6);
  });

  it.each(['1/8', '1/16', '0.3', '1', '1 image', '22', 'lists/1_8.txt', 'half', '1.5', '3/0', ''])(
    'shows the split "%s" as it reads it',
    (text) => {
      const split = readSplit(text, { seed: 2 });
      expect(showSplit(split)).toBe(text);
      expect(readSplit(showSplit(split), split)).toEqual(split);
    },
  );

  it('keeps the unlabelled list when the labelled list changes, and the seed and cover of a drawn split', () => {
    const lists = { labelledList: 'a.txt', unlabelledList: 'u.txt' };
    expect(readSplit('b.txt', lists)).toEqual({ labelledList: 'b.txt', unlabelledList: 'u.txt' });
    expect(readSplit('1/4', lists)).toEqual({ labelledRatio: 0.25 });
    expect(readSplit('22', { labelledRatio: 0.5, seed: 3 })).toEqual({ labelledImages: 22, seed: 3 });
    const covering = { labelledRatio: 0.5, seed: 3, cover: true };
    expect(readSplit('22', covering)).toEqual({ labelledImages: 22, seed: 3, cover: true });
  });

  it('passes on text that is not a number, so that the error can quote it', () => {
    expect(readRatio('half')).toBe('half');
    expect(readRatio('')).toBe('');
    expect(readSeeds('1, x, 5-3')).toEqual([1, 'x', '5-3']);
  });

  it('changes one value and leaves the original', () => {
    const config = { split: { seed: 1 } };
    const changed = withValueAt(config, ['split', 'labelledRatio'], 0.5);
    expect(changed).toEqual({ split: { seed: 1, labelledRatio: 0.5 } });
    expect(config).toEqual({ split: { seed: 1 } });
    expect(valueAt(changed, ['split', 'labelledRatio'])).toBe(0.5);
    expect(valueAt(changed, ['split', 'seed', 'deeper'])).toBeUndefined();
    expect(withValueAt({ split: 3 }, ['split', 'seed'], 1)).toEqual({ split: { seed: 1 } });
  });

  it('says what is wrong with the JSON', () => {
    expect(readJson('{"a": 1}')).toEqual({ json: { a: 1 } });
    expect(readJson('[1]')).toHaveProperty('problem');
    expect(readJson('{')).toHaveProperty('problem');
  });
});
