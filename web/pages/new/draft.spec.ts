import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../../../schema/run-config.js';
import {
  methodDefaults,
  readJson,
  readRatio,
  readRatios,
  readSeeds,
  startingConfig,
  valueAt,
  withValueAt,
} from './draft.js';

describe('the form for a new run', () => {
  it('starts from a configuration that the server accepts', () => {
    const config = startingConfig('shapes');
    expect(parseRunConfig(config)).toEqual({ ok: true, config });
    expect(methodDefaults('cps')).toMatchObject({ name: 'cps', on: 'both' });
  });

  it('reads ratios and seeds as people write them', () => {
    expect(readRatios('1/16, 0.125; 1')).toEqual([0.0625, 0.125, 1]);
    expect(readSeeds('0-2, 7')).toEqual([0, 1, 2, 7]);
  });

  it('passes on what is no number, so that the refusal can name it', () => {
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
