import { describe, expect, it } from 'vitest';
import { parseRunConfig } from './run-config.js';
import { countRuns, expandMatrix, parseStudyMatrix, studyMatrix } from './study-matrix.js';

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
    expect(countRuns(matrix)).toBe(12);
    expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(12);
    expect(runs.every((run) => parseRunConfig(run).ok)).toBe(true);
  });

  it('varies the backbone and keeps the rest of the network', () => {
    const matrix = studyMatrix.parse({ methods: [{ name: 'cps' }], backbones: ['resnet18', 'resnet50', 'resnet101'] });
    const runs = expandMatrix({ ...base, network: { width: 0.5 } }, matrix);
    expect(runs.map(({ network }) => network)).toEqual(
      ['resnet18', 'resnet50', 'resnet101'].map((backbone) => ({ width: 0.5, backbone })),
    );
    expect(studyMatrix.safeParse({ methods: [{ name: 'cps' }], backbones: ['resnet99'] }).success).toBe(false);
  });

  it("takes the base's value on an axis that is left out", () => {
    const [run] = expandMatrix(base, studyMatrix.parse({ methods: [{ name: 'cps_cutmix' }] }));
    expect(run).toMatchObject({ seed: 7, split: { labelledRatio: 0.125 } });
  });

  it('gives all methods of one row the same split and seed', () => {
    const matrix = studyMatrix.parse({ methods: [{ name: 'supervised' }, { name: 'cps' }] });
    const [first, second] = expandMatrix(base, matrix).map(({ method, ...rest }) => rest);
    expect(first).toEqual(second);
  });

  it('has an axis of splits of every kind, over which the base needs none', () => {
    const splits = [
      { labelledRatio: 1 / 16, seed: 3 },
      { labelledImages: 22, seed: 3 },
      { labelledList: 'lists/1_16/labeled.txt', unlabelledList: null },
    ];
    const matrix = studyMatrix.parse({ methods: [{ name: 'supervised' }, { name: 'cps' }], splits });
    const { split: _, ...bare } = base;
    for (const runs of [expandMatrix(base, matrix), expandMatrix(bare, matrix)]) {
      expect(runs.map(({ split }) => split)).toEqual(splits.flatMap((split) => [split, split]));
      expect(runs.every((run) => parseRunConfig(run).ok)).toBe(true);
    }
    expect(countRuns(matrix)).toBe(6);
  });
});

describe('parseStudyMatrix', () => {
  const methods = [{ name: 'cps' }];

  it.each([
    [{ methods, splits: [{}] }, 'splits.0', 'exactly one of labelledRatio, labelledImages, labelledList; got {}'],
    [{ methods, splits: [{ labelledImages: 0 }] }, 'splits.0.labelledImages', 'got 0'],
    [{ methods, splits: [{ labelledImages: 2, sed: 1 }] }, 'splits.0.sed', 'allowed here: labelledImages, seed'],
    [{ methods, labelledRatios: [0.5], splits: [{ labelledImages: 2 }] }, 'splits', 'either labelledRatios or splits'],
    [{ methods: [{ name: 'magic' }] }, 'methods.0.name', 'got "magic"; allowed: supervised, '],
    [{ methods, sedes: [1] }, 'sedes', 'allowed here: methods, labelledRatios, splits, backbones, seeds'],
  ])('names field, value and what is allowed: %j', (matrix, field, text) => {
    const result = parseStudyMatrix(matrix);
    const [problem] = result.ok ? [] : result.problems;
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(text);
  });
});
