import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../../schema/run-config.js';
import type { OpenDataset } from '../../data/dataset.js';
import { type Recorder, tinyEngine, tinyMethods, tinyRun, tinyShapes } from '../../testing/tiny.js';
import type { RunEngine } from '../branches/branches.js';
import { samplingInWords } from './sampling.js';

let engine: RunEngine;
let dataset: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  const shapes = await tinyShapes();
  dataset = { ...shapes, ids: (subset) => shapes.ids(subset).slice(0, subset === 'TRAIN' ? 512 : 1) };
});

const balance = { sampling: { share: 1, temperature: 0.02 } };
const run = (changes: Partial<RunConfigInput>, resumeFrom: string | null = null) =>
  tinyRun({ balance, ...changes }, { on: dataset, engine, resumeFrom });

const METHODS = tinyMethods().map((changes) => [changes.method!.name as string, changes] as const);

describe('balance.sampling', { timeout: 120_000 }, () => {
  it.each(METHODS)('chooses the labelled images of %s', async (_, changes) => {
    const training = { iterations: 2 };
    const losses = ({ tracker }: { tracker: Recorder }) => tracker.series('loss_supervised/branch1');
    const balanced = await run({ ...changes, training });
    expect(balanced.end).toEqual({ outcome: 'completed' });
    const usual = await run({ ...changes, training, balance: null });
    expect(losses(balanced)[0]).not.toBe(losses(usual)[0]);
  });

  it.each([
    ['CPS + CutMix', { method: { name: 'cps_cutmix' } }],
    ['both rounds of self-training', { method: { name: 'self_training' } }],
  ] as [string, Partial<RunConfigInput>][])('continues the same sequence after a resume: %s', async (_, changes) => {
    const training = { iterations: 6, checkpointEvery: 2 };
    const whole = (await run({ ...changes, training })).tracker;
    const from = whole.all('checkpoint').find(({ step }) => step === 2)!.file;
    const rest = (await run({ ...changes, training }, from)).tracker;
    expect(rest.numbers()).toEqual(whole.numbers().filter(({ step }) => step > 2));
    expect(rest.all('evaluation')).toEqual(whole.all('evaluation'));
  });

  it('compares pseudo-labels with all labels of the split, because its crops show rare classes more often', async () => {
    const { tracker } = await run({ training: { iterations: 2 } });
    const [first, second] = tracker.all('pseudoLabels');
    const total = first!.labelledPixels.reduce((sum, pixels) => sum + pixels, 0);
    expect(total).toBe(64 * 64 * 64);
    expect(second!.labelledPixels).toEqual(first!.labelledPixels);
  });

  it('says in the log how often each class is drawn', async () => {
    const { tracker } = await run({ method: { name: 'supervised' }, training: { iterations: 1 } });
    const line = tracker.lines.find((each) => each.includes('are drawn for a class'))!;
    expect(line).toMatch(/^INFO 100\.0 % of the labelled images are drawn for a class: \w+ \d+\.\d %/);
    for (const { name } of dataset.descriptor.classes) expect(line).toContain(name);
    const sampling = { share: 0.5, temperature: 1, minimumPixels: 0, attempts: 1 };
    expect(samplingInWords(sampling, [50, 0, 50, 0], ['road', 'pole', 'sky', 'car'])).toBe(
      '50.0 % of the labelled images are drawn for a class: road 50.0 %, sky 50.0 %; never for pole, car, which no labelled image holds',
    );
  });
});
