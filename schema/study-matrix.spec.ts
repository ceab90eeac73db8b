import { describe, expect, it } from 'vitest';
import { parseRunConfig } from './run-config.js';
import { countRuns, expandMatrix, parseStudyMatrix, planStudy, type StudyBase, studyMatrix } from './study-matrix.js';

const base = { dataset: 'shapes', split: { labelledRatio: 0.125 }, seed: 7 };
/** For a matrix that sets the splits. */
const splitless: StudyBase = { dataset: 'shapes' };

describe('expandMatrix', () => {
  it('makes every combination once, and each is a valid configuration', () => {
    const matrix = studyMatrix.parse({
      methods: [{ name: 'supervised' }, { name: 'cps' }],
      labelledRatios: [0.125, 0.25],
      seeds: [0, 1, 2],
    });
    const runs = expandMatrix(splitless, matrix);
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

  it("takes the base's value for a missing axis", () => {
    const [run] = expandMatrix(base, studyMatrix.parse({ methods: [{ name: 'cps_cutmix' }] }));
    expect(run).toMatchObject({ seed: 7, split: { labelledRatio: 0.125 } });
  });

  it('gives all methods of one row the same split and seed', () => {
    const matrix = studyMatrix.parse({ methods: [{ name: 'supervised' }, { name: 'cps' }] });
    const [first, second] = expandMatrix(base, matrix).map(({ method, ...rest }) => rest);
    expect(first).toEqual(second);
  });

  it("accepts splits of every kind, and draws those without a seed with the base's seed", () => {
    const splits = [
      { labelledRatio: 1 / 16, seed: 3, cover: true },
      { labelledImages: 22 },
      { labelledList: 'lists/1_16/labeled.txt', unlabelledList: null },
    ];
    const matrix = studyMatrix.parse({ methods: [{ name: 'supervised' }, { name: 'cps' }], splits });
    for (const [seeded, seed] of [
      [splitless, 0],
      [{ ...splitless, split: { seed: 5 } }, 5],
    ] as const) {
      const drawn = expandMatrix(seeded, matrix).map((run) => {
        const checked = parseRunConfig(run);
        return checked.ok && checked.config.split;
      });
      const expected = [splits[0], { labelledImages: 22, seed, cover: false }, splits[2]];
      expect(drawn).toEqual(expected.flatMap((split) => [split, split]));
    }
    expect(countRuns(matrix)).toBe(6);
  });
});

describe('planStudy', () => {
  const methods = [{ name: 'cps' }];
  const problemsOf = (base: Record<string, unknown>, matrix: object) => {
    const planned = planStudy({ dataset: 'shapes', ...base }, studyMatrix.parse({ methods, ...matrix }));
    return planned.ok ? [] : planned.problems;
  };

  it.each([{ labelledRatios: [0.5] }, { splits: [{ labelledImages: 2 }] }, { splits: [{ labelledList: 'a.txt' }] }])(
    'allows only a seed in the split of the base when the matrix has %j',
    (axis) => {
      const because = '(the matrix sets the splits)';
      const unknown = (key: string) => `unknown key "${key}"; allowed here: seed ${because}`;
      expect(problemsOf({ split: { seed: 3 } }, axis)).toEqual([]);
      expect(problemsOf({}, axis)).toEqual([]);
      expect(problemsOf({ split: { labelledList: 'b.txt', sed: 3 } }, axis)).toMatchObject([
        { field: 'base.split.labelledList', message: unknown('labelledList') },
        { field: 'base.split.sed', message: unknown('sed') },
      ]);
      for (const [split, field] of [
        [null, 'base.split'],
        ['1/8', 'base.split'],
        [{ seed: -1 }, 'base.split.seed'],
      ] as const) {
        const got = JSON.stringify(field === 'base.split' ? split : -1);
        expect(problemsOf({ split }, axis)).toMatchObject([
          { field, message: expect.stringContaining(`; got ${got} ${because}`) },
        ]);
      }
    },
  );
});

describe('a repeated value of an axis', () => {
  it.each([
    [{ seeds: [0, 1, 0] }, 'seeds.2', 'repeats matrix.seeds.0, which would count as another run; got 0'],
    [{ methods: [{ name: 'cps' }, { name: 'cps', weight: 1.5 }] }, 'methods.1', 'repeats matrix.methods.0'],
    [{ methods: [{ name: 'cps' }], backbones: ['resnet18', 'resnet18'] }, 'backbones.1', 'got "resnet18"'],
    [
      { labelledRatios: [0.5, 0.5] },
      'labelledRatios.1',
      'repeats matrix.labelledRatios.0, which would count as another run; got 0.5',
    ],
    [{ splits: [{ labelledImages: 2, seed: 7 }, { labelledImages: 2 }] }, 'splits.1', 'repeats matrix.splits.0'],
    [{ splits: [{ labelledList: 'a.txt' }, { labelledList: 'a.txt', unlabelledList: null }] }, 'splits.1', 'repeats'],
  ])('is not an independent run, and is refused: %j', (axes, field, text) => {
    const matrix = studyMatrix.parse({ methods: [{ name: 'cps' }, { name: 'gct' }], ...axes });
    expect(planStudy({ dataset: 'shapes', split: { seed: 7 } }, matrix)).toMatchObject({
      ok: false,
      problems: [{ field: `matrix.${field}`, message: expect.stringContaining(text) }],
    });
  });

  it('is accepted if the seed, a setting or the file differs', () => {
    const methods = [{ name: 'cps' }, { name: 'cps', weight: 1 }];
    const splits = [{ labelledImages: 2, seed: 1 }, { labelledImages: 2 }, { labelledList: 'a.txt' }];
    expect(planStudy({ dataset: 'shapes' }, studyMatrix.parse({ methods, splits }))).toMatchObject({ ok: true });
  });
});

describe('a network that is not an object', () => {
  it.each([null, 5, false, [], ''])('does not become the default network: %j', (network) => {
    for (const axes of [{}, { backbones: ['resnet50'] }]) {
      const planned = planStudy({ ...base, network }, studyMatrix.parse({ methods: [{ name: 'cps' }], ...axes }));
      const [run] = planned.ok ? planned.runs : [];
      expect(parseRunConfig(run)).toMatchObject({ ok: false, problems: [{ field: 'network' }] });
    }
  });
});

describe('parseStudyMatrix', () => {
  const methods = [{ name: 'cps' }];

  it.each([
    [{ methods, splits: [{}] }, 'splits.0', 'exactly one of labelledRatio, labelledImages, labelledList; got {}'],
    [{ methods, splits: [{ labelledImages: 0 }] }, 'splits.0.labelledImages', 'got 0'],
    [{ methods, splits: [{ labelledImages: 2, sed: 1 }] }, 'splits.0.sed', 'allowed here: labelledImages, seed'],
    [
      { methods, labelledRatios: [0.5], splits: [{ labelledImages: 2 }] },
      'splits',
      'labelledRatios or splits, not both',
    ],
    [{ methods: [{ name: 'magic' }] }, 'methods.0.name', 'got "magic"; allowed: supervised, '],
    [{ methods, sedes: [1] }, 'sedes', 'allowed here: methods, labelledRatios, splits, backbones, variants, seeds'],
  ])('names field, value and what is allowed: %j', (matrix, field, text) => {
    const result = parseStudyMatrix(matrix);
    const [problem] = result.ok ? [] : result.problems;
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(text);
  });
});
