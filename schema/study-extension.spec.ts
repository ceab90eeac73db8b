import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.js';
import { type RunConfig, runConfig } from './run-config.js';
import { completedBase, extendedDesign, parseMatrixAddition, runKey } from './study-extension.js';
import { expandMatrix, planStudy, type StudyBase, studyMatrix } from './study-matrix.js';

/** A study as it is stored. */
function design(base: StudyBase, matrix: object) {
  const parsed = studyMatrix.parse(matrix);
  const first = runConfig.parse(expandMatrix(base, parsed)[0]);
  return { base: completedBase(base, parsed, first), matrix: parsed };
}
const keysOf = (base: StudyBase, matrix: object) =>
  expandMatrix(base, studyMatrix.parse(matrix)).map((config) => runKey(runConfig.parse(config)));

const CPS = { name: 'cps' };
const SUPERVISED = { name: 'supervised' };

describe('the stored base', () => {
  it.each<[StudyBase, object]>([
    [{ dataset: 'd', split: { labelledRatio: 0.5 }, seed: 3 }, { methods: [CPS] }],
    [
      { dataset: 'd', split: { seed: 7 } },
      { methods: [CPS, SUPERVISED], labelledRatios: [0.5, 0.25], seeds: [1, 2] },
    ],
    [{ dataset: 'd' }, { methods: [CPS], splits: [{ labelledImages: 4 }, { labelledList: 'a.txt' }] }],
    [
      { dataset: 'd', split: { labelledRatio: 0.5 }, network: { width: 1 } },
      { methods: [CPS], backbones: ['resnet50'] },
    ],
  ])('%j with %j plans the same runs', (base, matrix) => {
    const stored = design(base, matrix);
    const plan = planStudy(stored.base, stored.matrix);
    expect(plan.ok && plan.runs.map((config) => runKey(runConfig.parse(config)))).toEqual(keysOf(base, matrix));
    // The defaults are stored, too.
    expect(stored.base.training).toMatchObject({ iterations: 1000 });
  });
});

describe('an extended matrix', () => {
  const base: StudyBase = { dataset: 'd', split: { labelledRatio: 0.5, seed: 9 }, seed: 3 };

  it.each<[string, object, object, object]>([
    ['seeds', { methods: [CPS] }, { seeds: [4, 5, 4] }, { methods: [CPS], seeds: [3, 4, 5] }],
    ['seeds that are there', { methods: [CPS], seeds: [1] }, { seeds: [1] }, { methods: [CPS], seeds: [1] }],
    ['methods', { methods: [CPS] }, { methods: [SUPERVISED, CPS] }, { methods: [CPS, SUPERVISED] }],
    [
      'backbones',
      { methods: [CPS] },
      { backbones: ['resnet50'] },
      { methods: [CPS], backbones: ['resnet18', 'resnet50'] },
    ],
  ])('with %s', (_, matrix, added, expected) => {
    const parsed = parseMatrixAddition(added);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const extended = extendedDesign(design(base, matrix), parsed.addition);
    const plan = planStudy(extended.base, extended.matrix);
    expect(plan.ok && plan.runs.map((config) => runKey(runConfig.parse(config)))).toEqual(keysOf(base, expected));
  });

  it('with splits begins with the split of the base, and draws by its seed', () => {
    const { base: stored, matrix } = extendedDesign(design(base, { methods: [CPS] }), {
      splits: [{ labelledImages: 4 }, { labelledRatio: 0.5, seed: 9 }, { labelledList: 'a.txt', unlabelledList: null }],
    } as never);
    expect(stored.split).toBeUndefined();
    expect(matrix.splits).toEqual([
      { labelledRatio: 0.5, seed: 9, cover: false },
      { labelledImages: 4, seed: 9, cover: false },
      { labelledList: 'a.txt', unlabelledList: null },
    ]);
  });

  it('keeps ratios as ratios, and turns them into splits if there are other splits', () => {
    const stored = design({ dataset: 'd', split: { seed: 2 } }, { methods: [CPS], labelledRatios: [0.5] });
    expect(extendedDesign(stored, { labelledRatios: [0.25, 0.5] }).matrix.labelledRatios).toEqual([0.5, 0.25]);
    const mixed = extendedDesign(stored, { splits: [{ labelledImages: 4 }] } as never);
    expect(mixed.matrix.labelledRatios).toBeUndefined();
    expect(mixed.matrix.splits).toEqual([
      { labelledRatio: 0.5, seed: 2, cover: false },
      { labelledImages: 4, seed: 2, cover: false },
    ]);
  });

  it.each<[object, string]>([
    [{ seed: [1] }, 'unknown key'],
    [{ seeds: [] }, 'seeds'],
    [{ labelledRatios: [0.5], splits: [{ labelledImages: 1 }] }, 'not both'],
  ])('%j is refused', (added, message) => {
    expect(JSON.stringify(parseMatrixAddition(added))).toContain(message);
  });
});

it('a run is the same wherever and however long it may train, and whatever the order of its keys', () => {
  const config = runConfig.parse({ dataset: 'd', split: { labelledRatio: 0.5 }, method: CPS });
  const other = {
    ...config,
    placement: { pool: 'p', engine: 'any' as const },
    training: { ...config.training, maxHours: 3 },
  };
  expect(runKey(Object.fromEntries(Object.entries(other).reverse()) as RunConfig)).toBe(runKey(config));
  expect(runKey({ ...config, seed: 1 })).not.toBe(runKey(config));
  expect(canonical({ b: [1, null], a: { d: 'x', c: undefined } })).toBe('{"a":{"d":"x"},"b":[1,null]}');
});
