import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../run-config.js';
import { medianOf } from '../statistics/median.js';
import { diagnose } from './diagnose.js';
import type { ClassEvidence, RunEvidence } from './evidence.js';
import { remediesFor, withChanges } from './remedies.js';

/** A class of three that is learnt well. */
const HEALTHY: ClassEvidence = {
  name: 'road',
  labelledPixels: 3000,
  labelledShare: 0.3,
  labelledImages: 20,
  cropShare: 0.8,
  iou: 0.8,
  precision: 0.9,
  recall: 0.9,
  truePixels: 1000,
  predictedPixels: 1000,
  confidence: 0.95,
  takenFor: [{ name: 'sky', share: 0.1 }],
  pseudoShare: 0.3,
  cropPixelShare: 0.3,
  firstPredicted: 100,
  lost: null,
};
/** Nothing is known to be wrong with it, but it is not predicted. */
const UNPREDICTED: ClassEvidence = {
  ...HEALTHY,
  name: 'pole',
  ...{ iou: 0, precision: null, recall: 0, predictedPixels: 0, pseudoShare: 0, confidence: 0.05 },
  takenFor: [
    { name: 'road', share: 0.5 },
    { name: 'sky', share: 0.5 },
  ],
  firstPredicted: null,
};

const evidence = (changes: Partial<ClassEvidence>, run: Partial<RunEvidence> = {}): RunEvidence => ({
  step: 1000,
  iterations: 1000,
  labelledImages: 22,
  rampUp: null,
  confidence: null,
  classes: [HEALTHY, { ...HEALTHY, name: 'sky' }, { ...UNPREDICTED, ...changes }],
  ...run,
});
const ofPole = (changes: Partial<ClassEvidence>, run?: Partial<RunEvidence>) => diagnose(evidence(changes, run), 2);

describe('diagnose', () => {
  it('has nothing to say about healthy classes, and about those that the evaluated images do not hold', () => {
    expect([0, 1].map((index) => diagnose(evidence({}), index))).toEqual([null, null]);
    expect(ofPole({ truePixels: 0, iou: null })).toBeNull();
  });

  it.each([
    [
      'NO_LABELS',
      { labelledImages: 0, labelledShare: 0, cropShare: 0 },
      {},
      'pole: never predicted; in none of the 22 labelled images',
    ],
    ['STARVED_IN_CROPS', { cropShare: 0.03 }, {}, 'in 91 % of the labelled images, but in 3.0 % of the training crops'],
    [
      'EXCLUDED_BY_CONFIDENCE',
      { iou: 0.6, recall: 0.7, predictedPixels: 500, confidence: 0.6, pseudoShare: 0.01, firstPredicted: 100 },
      { confidence: 0.95, rampUp: 0 },
      '20 % of the predictions, but 1.0 % of the pseudo-labels: its confidence of 60 % is below the limit of 95 %',
    ],
    [
      'CONFUSED',
      { takenFor: [{ name: 'sky', share: 0.95 }] },
      {
        classes: [
          { ...HEALTHY, predictedPixels: 9000 },
          { ...HEALTHY, name: 'sky' },
          { ...UNPREDICTED, takenFor: [{ name: 'sky', share: 0.95 }] },
        ],
      },
      '95 % of its pixels are taken for sky, which makes up 10 % of all predictions',
    ],
    ['FEW_IMAGES', { labelledImages: 2 }, {}, 'in 2 of 22 labelled images'],
    ['FEW_PIXELS', { labelledShare: 0.0004 }, {}, '0.040 % of the labelled pixels'],
    [
      'LOST_IN_TRAINING',
      { firstPredicted: 100, lost: 900 },
      { rampUp: 0.4 },
      'pole: predicted at step 100, and no longer since step 900; lost at step 900, after the unsupervised loss had reached its full weight at step 400',
    ],
    ['UNKNOWN', {}, {}, 'pole: never predicted; none of the known causes fits'],
  ])('finds %s, with its numbers', (kind, changes, run, words) => {
    const diagnosis = ofPole(changes, run)!;
    expect(diagnosis.findings[0]!.cause).toBe(kind);
    expect(diagnosis.summary).toContain(words);
  });

  it('puts what starves a class before its symptoms', () => {
    const diagnosis = ofPole(
      { cropShare: 0.01, labelledShare: 0.0004, firstPredicted: 100, lost: 900 },
      { rampUp: 0 },
    )!;
    expect(diagnosis.findings.map(({ cause }) => cause)).toEqual([
      'STARVED_IN_CROPS',
      'LOST_IN_TRAINING',
      'FEW_PIXELS',
    ]);
  });

  it('says nothing about labels and crops that an older runner has not reported', () => {
    const unknown = {
      labelledPixels: null,
      labelledShare: null,
      labelledImages: null,
      cropShare: null,
      confidence: null,
    };
    expect(ofPole(unknown, { labelledImages: null })!.findings.map(({ cause }) => cause)).toEqual(['UNKNOWN']);
  });
});

it('remedies are valid configurations that change something', () => {
  const parsed = parseRunConfig({ dataset: 'd', split: { labelledRatio: 0.1 }, method: { name: 'unimatch' } });
  if (!parsed.ok) throw new Error('not valid');
  const kinds = [
    ...(['NO_LABELS', 'STARVED_IN_CROPS', 'EXCLUDED_BY_CONFIDENCE'] as const),
    ...(['CONFUSED', 'FEW_IMAGES', 'FEW_PIXELS', 'LOST_IN_TRAINING'] as const),
  ];
  for (const kind of kinds) {
    const remedies = remediesFor([{ cause: kind }], parsed.config);
    expect(remedies.length).toBeGreaterThan(0);
    for (const { settings } of remedies) {
      const changed = parseRunConfig(withChanges(parsed.config, settings));
      expect(changed).toMatchObject({ ok: true });
      expect(changed).not.toEqual(parsed);
    }
  }
});

it('a remedy that is in use, or that the configuration refuses, is not named', () => {
  const input = {
    dataset: 'd',
    split: { labelledRatio: 0.1 },
    method: { name: 'supervised' },
    balance: { sampling: {} },
  };
  const parsed = parseRunConfig(input);
  if (!parsed.ok) throw new Error('not valid');
  expect(remediesFor([{ cause: 'STARVED_IN_CROPS' }], parsed.config)).toEqual([]);
});

it('remedies go together: each changes only its own settings', () => {
  const input = { dataset: 'd', split: { labelledRatio: 0.1 }, method: { name: 'unimatch' }, balance: {} };
  const parsed = parseRunConfig(input);
  if (!parsed.ok) throw new Error('not valid');
  const causes = ['STARVED_IN_CROPS', 'FEW_PIXELS', 'LOST_IN_TRAINING'] as const;
  const remedies = remediesFor(
    causes.map((cause) => ({ cause })),
    parsed.config,
  );
  const all = remedies.reduce<Record<string, unknown>>(
    (config, { settings }) => withChanges(config, settings),
    parsed.config,
  );
  expect(parseRunConfig(all)).toMatchObject({
    ok: true,
    config: {
      method: { name: 'unimatch', confidence: 0.95, rampUp: 0.4 },
      balance: {
        sampling: {},
        mixing: { name: 'class_aware' },
        weights: { name: 'logit_adjustment' },
        thresholds: { name: 'quota' },
      },
    },
  });
});

it('medianOf takes the middle', () => {
  expect([[], [3], [4, 1], [9, 1, 5]].map(medianOf)).toEqual([null, 3, 2.5, 5]);
});
