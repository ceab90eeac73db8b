import { beforeAll, describe, expect, it } from 'vitest';
import { type MethodName, parseRunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import type { OpenDataset } from '../../data/dataset.js';
import { tinyConfig, tinyEngine, tinyMethods, tinyRun, tinyShapes } from '../../testing/tiny.js';
import type { RunEngine } from '../branches/branches.js';

let engine: RunEngine;
let dataset: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  const shapes = await tinyShapes();
  dataset = { ...shapes, ids: (subset) => shapes.ids(subset).slice(0, subset === 'TRAIN' ? 16 : 1) };
});

type Changes = Partial<RunConfigInput>;
type Balance = NonNullable<RunConfigInput['balance']>;

const WEIGHTS = { name: 'median_frequency' } as const;

/** Every remedy but `sampling`, which sampling.spec.ts tries with every method. */
const REMEDIES: Record<string, Balance> = {
  'class-aware mixing': { mixing: { name: 'class_aware', probability: 1 } },
  'copy-paste': {
    mixing: { name: 'copy_paste', probability: 1, classes: 20, scales: { from: 1, to: 1 } },
  },
  'boxes around weak classes': { mixing: { name: 'confidence_bank' } },
  'a fixed confidence': { thresholds: { name: 'fixed', confidence: 0.2 } },
  'a quota': { thresholds: { name: 'quota' } },
  'an adaptive confidence': { thresholds: { name: 'adaptive', start: 0.2, decay: 0.5 } },
  'class weights': { weights: WEIGHTS },
  'class weights for pseudo-labels': { weights: { ...WEIGHTS, pseudoLabels: true } },
  'further losses': { losses: { focal: {}, dice: {}, lovasz: {} } },
};

/** The remedies that a method can be combined with; schema/balance-table.spec.ts compares them with docs/balance.md. */
function allowed(changes: Changes): [about: string, Balance][] {
  return Object.entries(REMEDIES).filter(([, balance]) => parseRunConfig({ ...tinyConfig(changes), balance }).ok);
}

/** Before a network is sure of anything, what is pseudo-labelled has no effect unless every pixel counts. Thresholds replace this. */
function unsure(changes: Changes, balance: Balance): Changes {
  const { method } = tinyConfig(changes);
  const own = (balance.mixing || balance.weights) && 'confidence' in method;
  return own ? { ...changes, method: { ...method, confidence: 0 } } : changes;
}

/** The losses and shares of a run of two steps; the second one of self-training belongs to its second round. */
async function numbersOf(changes: Changes): Promise<Record<string, number[]>> {
  const small = { split: { labelledRatio: 1 / 2 }, training: { iterations: 2, sampleImages: 0 } };
  const { end, tracker } = await tinyRun({ ...changes, ...small }, { on: dataset, engine });
  expect(end).toEqual({ outcome: 'completed' });
  const names = new Set(tracker.numbers().flatMap(({ values }) => Object.keys(values)));
  const reported = [...names].filter((name) => /^(loss|confident|agreement)/.test(name));
  return Object.fromEntries(reported.map((name) => [name, tracker.series(name)]));
}

/** The numbers in which a remedy must show; any by default. */
const EFFECTS: Partial<Record<keyof Balance, RegExp>> = {
  weights: /^loss_supervised/,
  losses: /^loss_(focal|dice|lovasz)/,
};

/** The losses on unlabelled images in the first step that has them. */
const unsupervised = (numbers: Record<string, number[]>) =>
  Object.entries(numbers).flatMap(([name, [first]]) => (/^loss_(?!supervised)/.test(name) ? [[name, first]] : []));

describe('every method trains with every remedy that it can be combined with', { timeout: 300_000 }, () => {
  it.each(tinyMethods().map((changes) => [changes.method!.name as MethodName, changes] as const))(
    '%s',
    async (_, changes) => {
      const plain = new Map<string, Record<string, number[]>>();
      const found = new Map<string, Record<string, number[]>>();
      for (const [about, balance] of allowed(changes)) {
        const base = unsure(changes, balance);
        const key = JSON.stringify(base);
        plain.set(key, plain.get(key) ?? (await numbersOf(base)));
        const numbers = await numbersOf({ ...base, balance });
        found.set(about, numbers);
        expect(Object.values(numbers).flat().every(Number.isFinite), about).toBe(true);
        const effect = EFFECTS[Object.keys(balance)[0] as keyof Balance] ?? /./;
        const of = (all: Record<string, number[]>) => Object.entries(all).filter(([name]) => effect.test(name));
        expect(of(numbers), about).not.toEqual(of(plain.get(key)!));
      }
      const onPseudoLabels = found.get('class weights for pseudo-labels');
      if (onPseudoLabels) expect(unsupervised(onPseudoLabels)).not.toEqual(unsupervised(found.get('class weights')!));
    },
  );
});
