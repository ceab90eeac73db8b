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

  it('varies the backbone, tells runs apart by it, and keeps the rest of the network', () => {
    const matrix = studyMatrix.parse({ methods: [{ name: 'cps' }], backbones: ['resnet18', 'resnet50', 'resnet101'] });
    const runs = expandMatrix({ ...base, network: { width: 0.5 } }, matrix);
    expect(runs.map(({ name }) => name)).toEqual([
      'CPS, 1/8, seed 7',
      'CPS, ResNet-50, 1/8, seed 7',
      'CPS, ResNet-101, 1/8, seed 7',
    ]);
    expect(runs.map(({ config }) => config.network)).toEqual(
      ['resnet18', 'resnet50', 'resnet101'].map((backbone) => ({ width: 0.5, backbone })),
    );
    expect(studyMatrix.safeParse({ methods: [{ name: 'cps' }], backbones: ['resnet99'] }).success).toBe(false);
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
