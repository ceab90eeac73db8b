import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../../schema/run-config.js';
import { countLabelled } from '../../data/augment/class-sampling.js';
import type { OpenDataset } from '../../data/dataset.js';
import { openSplit } from '../../data/splits/splits.js';
import { Recorder, tinyConfig, tinyEngine, tinyRun, tinyShapes } from '../../testing/tiny.js';
import type { RunEngine } from '../branches/branches.js';
import { addedUp } from '../data-warnings.js';
import { classFactors } from './class-factors.js';

let engine: RunEngine;
let shapes: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  shapes = await tinyShapes();
});

const TRAINING = { iterations: 2 };

async function trained(changes: Partial<RunConfigInput>): Promise<Recorder> {
  const { end, tracker } = await tinyRun({ training: TRAINING, ...changes }, { on: shapes, engine });
  expect(end).toEqual({ outcome: 'completed' });
  return tracker;
}

describe('a run with class weights', { timeout: 120_000 }, () => {
  it('computes them from its labelled images, and shows them', async () => {
    const weights = { name: 'median_frequency', cap: 1.1, pseudoLabels: false } as const;
    const tracker = await trained({ method: { name: 'supervised' }, balance: { weights } });
    const split = await openSplit(shapes, tinyConfig().split);
    const { pixels } = addedUp(await countLabelled(shapes, split.labelled), shapes.descriptor.classes.length);
    const expected = classFactors(weights, pixels)!.weights!;
    expect(Math.max(...expected)).toBe(1.1);
    expect(tracker.all('setup')).toMatchObject([{ classWeights: expected, logitOffsets: null }]);
    const name = shapes.descriptor.classes[0]!.name;
    const line = `INFO class weights: ${name} ${Number(expected[0]!.toPrecision(3))}, `;
    expect(tracker.lines.some((each) => each.startsWith(line))).toBe(true);
  });

  it('counts each label once, whatever needs the counts', async () => {
    const counted: string[] = [];
    const on: OpenDataset = {
      ...shapes,
      classPixels: (id) => {
        counted.push(id);
        return shapes.classPixels(id);
      },
    };
    const balance = { sampling: {}, mixing: { name: 'class_aware' }, weights: { name: 'median_frequency' } } as const;
    const { end } = await tinyRun({ training: TRAINING, method: { name: 'cps' }, balance }, { on, engine });
    expect(end).toEqual({ outcome: 'completed' });
    const { labelled } = await openSplit(shapes, tinyConfig().split);
    expect(counted.slice(0, labelled.length)).toEqual(labelled);
    expect(new Set(counted).size).toBe(counted.length);
  });

  it('does not weigh pseudo-labels unless it is asked to', async () => {
    for (const method of ['cps', 'cps_cutmix'] as const) {
      const crossOf = async (balance: RunConfigInput['balance']) =>
        (await trained({ method: { name: method }, balance })).series('loss_cross/branch1')[0];
      const plain = await crossOf(null);
      expect(await crossOf({ weights: { name: 'median_frequency' } }), method).toBe(plain);
      expect(await crossOf({ weights: { name: 'median_frequency', pseudoLabels: true } }), method).not.toBe(plain);
    }
  });
});

describe('a run with further losses', { timeout: 120_000 }, () => {
  it('reports each of them, before weighting, beside their sum', async () => {
    const losses = { crossEntropy: 0.5, focal: {}, dice: { weight: 2 }, lovasz: {} };
    const tracker = await trained({ method: { name: 'cps' }, balance: { losses } });
    for (const branch of ['branch1', 'branch2']) {
      const of = (name: string) => tracker.series(`loss_${name}/${branch}`);
      const parts = ['cross_entropy', 'focal', 'dice', 'lovasz'].map(of);
      expect(parts.map((series) => series.length)).toEqual([2, 2, 2, 2]);
      const [entropy, focal, dice, lovasz] = parts.map(([value]) => value!) as [number, number, number, number];
      expect(of('supervised')[0]).toBeCloseTo(0.5 * entropy + focal + 2 * dice + lovasz, 5);
      expect(focal).toBeLessThan(entropy);
      expect(of('cross')).toHaveLength(2);
    }
  });

  it('can leave out the cross-entropy', async () => {
    const tracker = await trained({
      method: { name: 'supervised' },
      balance: { losses: { crossEntropy: 0, dice: { weight: 0.5 } } },
    });
    const names = Object.keys(tracker.numbers()[0]!.values).sort();
    expect(names).toEqual(['loss', 'loss_dice/branch1', 'loss_supervised/branch1', 'lr']);
    const [dice] = tracker.series('loss_dice/branch1');
    expect(tracker.series('loss')[0]).toBeCloseTo(0.5 * dice!, 6);
  });
});

it('a run that names remedies but uses none gives the numbers of one without, digit for digit', async () => {
  for (const name of ['cps', 'unimatch'] as const) {
    const plain = await trained({ method: { name } });
    const named = await trained({ method: { name }, balance: { weights: { name: 'none' }, losses: null } });
    // Only the bank of class confidence is reported besides.
    const shared = named.numbers().map(({ step, values }) => ({
      step,
      values: Object.fromEntries(Object.entries(values).filter(([series]) => !series.startsWith('class_confidence/'))),
    }));
    expect(shared.filter(({ values }) => Object.keys(values).length > 0)).toEqual(plain.numbers());
  }
});
