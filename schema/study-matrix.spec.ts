import { describe, expect, it } from 'vitest';
import { parseRunConfig } from './run-config.js';
import { expandMatrix, ratioLabel, studyMatrix } from './study-matrix.js';

const base = { dataset: 'shapes', split: { labelledRatio: 0.125 }, seed: 7 };

describe('expandMatrix', () => {
  it('makes every combination once, and each is a valid configuration', () => {
    const matrix = studyMatrix.parse({
      methods: [{ name: 'supervised' }, { name: 'cps' }],
      labelledRatios: [0.125, 0.25],
      seeds: [0, 1, 2],
    });
    const runs = expandMatrix(base, matrix);
    expect(runs).toHaveLength(12);
    expect(new Set(runs.map((run) => run.name)).size).toBe(12);
    expect(runs.every((run) => parseRunConfig(run.config).ok)).toBe(true);
    expect(runs[0]?.name).toBe('Supervised, 1/8, seed 0');
  });

  it("takes the base's value on an axis that is left out", () => {
    const [run] = expandMatrix(base, studyMatrix.parse({ methods: [{ name: 'cps_cutmix' }] }));
    expect(run?.config).toMatchObject({ seed: 7, split: { labelledRatio: 0.125 } });
  });

  it('gives all methods of one row the same split and seed', () => {
    const matrix = studyMatrix.parse({ methods: [{ name: 'supervised' }, { name: 'cps' }] });
    const [first, second] = expandMatrix(base, matrix).map(({ config: { method, ...rest } }) => rest);
    expect(first).toEqual(second);
  });
});

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
