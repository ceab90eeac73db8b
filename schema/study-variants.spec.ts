import { describe, expect, it } from 'vitest';
import { parseRecipe } from './recipe.js';
import { countRuns, parseStudyMatrix, planStudy, type StudyBase, studyMatrix } from './study-matrix.js';

const BASE: StudyBase = { dataset: 'd', split: { labelledRatio: 0.5 }, loss: { name: 'ohem', keep: 100 } };
const SUPERVISED = { name: 'supervised' };
const CPS = { name: 'cps' };
const SAMPLING = { name: 'sampling', config: { balance: { sampling: { temperature: 0.05 } } } };
const QUOTA = { name: 'quota', methods: ['cps'], config: { balance: { thresholds: { name: 'quota' } } } };

const plan = (variants: object[], base: object = BASE, more: object = {}) =>
  planStudy(base as Record<string, unknown>, studyMatrix.parse({ methods: [SUPERVISED, CPS], variants, ...more }));
const runsOf = (variants: object[], base?: object, more?: object) => {
  const planned = plan(variants, base, more);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  return planned.runs.map((run, i) => ({ ...run, variant: planned.variants[i] }));
};

describe('variants', () => {
  it('are trained beside the base, with the methods that they are for, and combined', () => {
    const matrix = {
      methods: [SUPERVISED, CPS],
      variants: [SAMPLING, QUOTA, { of: ['sampling', 'quota'] }],
      seeds: [0, 1],
    };
    const runs = runsOf(matrix.variants, BASE, { seeds: [0, 1] });
    expect(runs.slice(0, 6).map(({ variant, method, balance }) => [variant, method.name, balance])).toEqual([
      [null, 'supervised', undefined],
      [null, 'cps', undefined],
      ['sampling', 'supervised', SAMPLING.config.balance],
      ['sampling', 'cps', SAMPLING.config.balance],
      ['quota', 'cps', QUOTA.config.balance],
      ['sampling + quota', 'cps', { ...SAMPLING.config.balance, ...QUOTA.config.balance }],
    ]);
    expect(runs).toHaveLength(12);
    expect(countRuns(studyMatrix.parse(matrix))).toBe(12);
    const recipe = parseRecipe({ name: 'r', base: BASE, matrix });
    expect(recipe.ok && recipe.runs[5]!.name).toBe('CPS + sampling + quota, 1/2, seed 0');
  });

  it('merge groups of settings, but none of another name', () => {
    const [, , kept, , replaced] = runsOf([
      { name: 'a', config: { loss: { keep: 200 }, training: { iterations: 9 } } },
      { name: 'b', config: { loss: { name: 'cross_entropy' } } },
    ]);
    expect(kept).toMatchObject({ loss: { name: 'ohem', keep: 200 }, training: { iterations: 9 } });
    expect(replaced!.loss).toEqual({ name: 'cross_entropy' });
  });

  it.each<[object[], string, string]>([
    [[SAMPLING, SAMPLING], 'matrix.variants.1', 'second variant called "sampling"'],
    [[{ of: ['sampling', 'quota'] }, SAMPLING], 'matrix.variants.0.of.0', 'no earlier variant is called "sampling"'],
    [[{ name: 'a', config: { seed: 3 } }], 'matrix.variants.0.config.seed', 'cannot change "seed"'],
    [[{ name: 'a', config: { method: CPS } }], 'matrix.variants.0.config.method', 'cannot change "method"'],
    [[{ name: 'a', config: {} }], 'matrix.variants.0', '"a" trains the same as the base'],
    // The same once defaults are filled in.
    [[{ name: 'a', config: { training: { iterations: 1000 } } }], 'matrix.variants.0', 'the same as the base'],
    [[SAMPLING, { ...SAMPLING, name: 'b' }], 'matrix.variants.1', '"b" trains the same as sampling'],
  ])('%j is refused', (variants, field, message) => {
    const planned = plan(variants);
    expect(planned.ok ? [] : planned.problems).toMatchObject([
      { field, message: expect.stringContaining(message) },
      ...(field.includes('.of.') ? [{ field: 'matrix.variants.0.of.1' }] : []),
    ]);
  });

  it('need a configuration or parts', () => {
    const problemsOf = (variant: object) => {
      const parsed = parseStudyMatrix({ methods: [CPS], variants: [variant] });
      return parsed.ok ? [] : parsed.problems;
    };
    expect(problemsOf({ name: 'a' })).toMatchObject([{ field: 'variants.0' }]);
    expect(problemsOf({ ...SAMPLING, methods: ['cpx'] })).toMatchObject([{ field: 'variants.0.methods.0' }]);
    expect(problemsOf({ of: ['a'] })).toMatchObject([{ field: 'variants.0.of' }]);
  });

  it('that a configuration refuses are refused with the run', () => {
    const matrix = { methods: [SUPERVISED], variants: [{ ...QUOTA, methods: ['supervised'] }] };
    expect(parseRecipe({ name: 'r', base: BASE, matrix })).toMatchObject({
      ok: false,
      problems: [{ field: 'balance.thresholds.name' }],
    });
  });
});
