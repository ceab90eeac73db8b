import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../../schema/run-config.js';
import type { OpenDataset } from '../../data/dataset.js';
import { type TinyRunOptions, tinyConfig, tinyEngine, tinyRun, tinyShapes } from '../../testing/tiny.js';
import { Branch } from '../branches/branch.js';
import type { RunEngine } from '../branches/branches.js';
import { createMethod } from '../methods/registry.js';

let engine: RunEngine;
let dataset: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

const TRAINING = { iterations: 6, checkpointEvery: 3, evaluateEvery: 2 };

/** Methods that have pseudo-labels, each with another kind of thresholds. */
const RUNS: [string, Partial<RunConfigInput>][] = [
  ['cps, quota', { method: { name: 'cps' }, balance: { thresholds: { name: 'quota' } } }],
  [
    'cps_cutmix, adaptive',
    { method: { name: 'cps_cutmix' }, balance: { thresholds: { name: 'adaptive', start: 0.2, decay: 0.5 } } },
  ],
  [
    'cps_cutmix, fixed',
    { method: { name: 'cps_cutmix' }, balance: { thresholds: { name: 'fixed', confidence: 0.2 } } },
  ],
  ['cutmix_seg, quota', { method: { name: 'cutmix_seg' }, balance: { thresholds: { name: 'quota' } } }],
  ['unimatch, quota', { method: { name: 'unimatch' }, balance: { thresholds: { name: 'quota' } } }],
  ['self_training, adaptive', { method: { name: 'self_training' }, balance: { thresholds: { name: 'adaptive' } } }],
];

function run(changes: Partial<RunConfigInput>, options: Partial<TinyRunOptions> = {}) {
  return tinyRun({ ...changes, training: { ...TRAINING, ...changes.training } }, { on: dataset, engine, ...options });
}

describe('a run with thresholds', { timeout: 120_000 }, () => {
  it.each(RUNS)('resumes bit for bit, and reports the share that counts: %s', async (_, changes) => {
    const { end, tracker: whole } = await run(changes);
    expect(end).toEqual({ outcome: 'completed' });
    expect(whole.series('confident').every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(whole.series('confident').length).toBeGreaterThan(2);
    const from = whole.all('checkpoint').find(({ step }) => step === 3)!.file;
    const { tracker: rest } = await run(changes, { resumeFrom: from });
    expect(rest.numbers()).toEqual(whole.numbers().filter(({ step }) => step > 3));
    expect(rest.all('pseudoLabels')).toEqual(whole.all('pseudoLabels').filter(({ step }) => step > 3));
  });

  it('gives the same numbers with the networks in threads of their own', async () => {
    const [, changes] = RUNS[0]!;
    const { tracker: together } = await run(changes);
    const { tracker: apart } = await run(changes, { engine: { ...engine, twins: 'workers' } });
    expect(apart.numbers()).toEqual(together.numbers());
  });

  it('leaves out of the pseudo-labels what does not count', async () => {
    const shares = async (confidence: number) => {
      const thresholds = { name: 'fixed', confidence } as const;
      const { tracker } = await run({ method: { name: 'cps' }, balance: { thresholds } });
      const undecided = tracker.all('pseudoLabels').map(({ undecidedPixels }) => undecidedPixels);
      return { confident: tracker.series('confident'), undecided, cross: tracker.series('loss_cross/branch1') };
    };
    const all = await shares(0);
    expect(new Set(all.confident)).toEqual(new Set([1]));
    expect(new Set(all.undecided)).toEqual(new Set([0]));
    const none = await shares(1);
    expect(new Set(none.confident)).toEqual(new Set([0]));
    expect(new Set(none.cross)).toEqual(new Set([0]));
    expect(none.undecided.every((pixels) => pixels > 0)).toBe(true);
  });

  it('trains as without a section balance if every remedy is off', async () => {
    const numbers = async (balance: RunConfigInput['balance']) => {
      const { tracker } = await run({ method: { name: 'cps_cutmix' }, balance: balance ?? null });
      return tracker
        .numbers()
        .filter(({ values }) => !Object.keys(values).some((name) => name.startsWith('class_confidence/')));
    };
    expect(await numbers({})).toEqual(await numbers(null));
  });
});

describe('the bank of class confidence', { timeout: 120_000 }, () => {
  it('is reported with every evaluation, in [0, 1], for the classes that were seen, and only with a section balance', async () => {
    const series = async (balance: RunConfigInput['balance']) => {
      const { tracker } = await run({ method: { name: 'supervised' }, balance: balance ?? null });
      const points = tracker.all('points').flatMap(({ step, values }) => {
        const names = Object.entries(values).filter(([name]) => name.startsWith('class_confidence/'));
        return names.length > 0 ? [{ step, names }] : [];
      });
      return points;
    };
    expect(await series(null)).toEqual([]);
    const points = await series({});
    expect([...new Set(points.map(({ step }) => step))]).toEqual([2, 4, 6]);
    const known = dataset.descriptor.classes.map(({ name }) => `class_confidence/${name}`);
    for (const [name, value] of points.flatMap(({ names }) => names)) {
      expect(known).toContain(name);
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
  });
});

describe('thresholds', () => {
  it('need the labelled pixels of every class for a quota', () => {
    const config = tinyConfig({ method: { name: 'cps' }, balance: { thresholds: { name: 'quota' } } });
    const open = (counts: object) =>
      new Branch(1, createMethod(config.method), { config, classes: 7, inputChannels: 3, ...counts });
    expect(() => open({})).toThrow('needs the labelled pixels of each of 7 classes; got 0');
    expect(() => open({ classPixels: [5, 5] })).toThrow('of 7 classes; got 2');
  });

  it('start a resumed run from their state, and refuse a state that is not theirs', async () => {
    const config = tinyConfig({ method: { name: 'cps' }, balance: { thresholds: { name: 'adaptive', start: 0.5 } } });
    const branch = new Branch(1, createMethod(config.method), { config, classes: 7, inputChannels: 3 });
    const state = await branch.save();
    expect(state['thresholds.adaptive']).toEqual({ shape: [1], values: new Float32Array([0.5]) });
    branch.load({ ...state, 'thresholds.adaptive': { shape: [1], values: new Float32Array([0.25]) } });
    expect((await branch.save())['thresholds.adaptive']!.values[0]).toBe(0.25);
    const { 'thresholds.adaptive': _, ...without } = state;
    expect(() => branch.load(without)).toThrow('tensor "thresholds.adaptive" is missing');
    branch.dispose();
  });
});
