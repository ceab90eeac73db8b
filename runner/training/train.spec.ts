import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../schema/run-config.js';
import type { Dataset, OpenDataset } from '../data/dataset.js';
import { tf } from '../operations/tf.js';
import {
  Recorder,
  type TinyRunOptions,
  tinyConfig,
  tinyEngine,
  tinyFolder,
  tinyMethods,
  tinyRun,
  tinyShapes,
} from '../testing/tiny.js';
import type { StopRequest, Subset } from '../tracking/tracker.js';
import type { RunEngine } from './branches/branches.js';
import { prepareRun } from './setup.js';

type RunOptions = Partial<TinyRunOptions> & { twins?: RunEngine['twins'] };

let engine: RunEngine;
let dataset: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

function run(changes: Partial<RunConfigInput>, { twins = engine.twins, ...options }: RunOptions = {}) {
  return tinyRun(changes, { on: dataset, engine: { ...engine, twins }, ...options });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('train', { timeout: 120_000 }, () => {
  it('learns: the loss of both networks on four images falls by more than half', async () => {
    const { end, tracker } = await run({
      method: { name: 'cps' },
      split: { labelledRatio: 1 / 128 },
      network: { width: 0.125 },
      augmentation: { crop: [64, 64], scales: [1], flip: 0 },
      training: { iterations: 40, batchLabelled: 4 },
    });
    expect(end).toEqual({ outcome: 'completed' });
    for (const branch of ['branch1', 'branch2']) {
      const losses = tracker.series(`loss_supervised/${branch}`);
      expect(losses).toHaveLength(40);
      expect(mean(losses.slice(-10))).toBeLessThan(0.5 * mean(losses.slice(0, 5)));
    }
  });

  it('ends with samples, a checkpoint, and evaluations of both networks and their ensemble', async () => {
    const { tracker } = await run({ method: { name: 'cps_cutmix' }, training: { iterations: 3, evaluateEvery: 2 } });
    const seen = tracker.all('evaluation').map(({ step, subset, network }) => `${step} ${subset} ${network}`);
    const networks = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'];
    expect(seen).toEqual(
      ['2 VAL', '3 VAL', '3 TEST'].flatMap((when) => networks.map((network) => `${when} ${network}`)),
    );
    const pixels = tracker.all('evaluation').map(({ confusion }) => confusion.reduce((sum, count) => sum + count, 0));
    expect(new Set(pixels.slice(0, 6)).size).toBe(1);
    expect(tracker.all('sample').map(({ kind }) => kind)).toEqual(['INPUT', 'GROUND_TRUTH', ...networks]);
    expect(tracker.all('checkpoint').map(({ step }) => step)).toEqual([3]);
    expect(Object.keys(tracker.all('points').at(-1)!.values)).toEqual([
      'miou/branch1',
      'miou/branch2',
      'miou/ensemble',
    ]);
    const names = Object.keys(tracker.all('points')[0]!.values).sort();
    expect(names).toEqual(
      ['agreement', 'data_wait', 'images_per_second', 'loss', 'lr']
        .concat(['branch1', 'branch2'].flatMap((branch) => [`loss_cross/${branch}`, `loss_supervised/${branch}`]))
        .sort(),
    );
  });

  it('gives the same numbers for the same seed and different ones for another', async () => {
    const numbers = async (seed: number) =>
      (await run({ seed, method: { name: 'cps_cutmix' }, training: { iterations: 3 } })).tracker.numbers();
    const first = await numbers(1);
    expect(await numbers(1)).toEqual(first);
    expect(await numbers(2)).not.toEqual(first);
  });

  it('resumes from a checkpoint bit for bit, even between two reports', async () => {
    const changes: Partial<RunConfigInput> = {
      method: { name: 'cps_cutmix', rampUp: 0.5 },
      training: { iterations: 8, logEvery: 3, checkpointEvery: 4 },
    };
    const whole = (await run(changes)).tracker;
    const from = whole.all('checkpoint').find(({ step }) => step === 4)!.file;
    const rest = await run(changes, { resumeFrom: from });
    expect(rest.end).toEqual({ outcome: 'completed' });
    expect(rest.tracker.numbers()).toEqual(whole.numbers().filter(({ step }) => step > 4));
    expect(rest.tracker.all('evaluation')).toEqual(whole.all('evaluation'));
  });

  it.each([
    [
      'self-training, before, at and after the start of its second round',
      { method: { name: 'self_training' } },
      [2, 4, 6],
    ],
    [
      'self-training whose teacher is the best network of the first round',
      { method: { name: 'self_training', teacher: 'best', sharedBatch: true }, training: { evaluateEvery: 1 } },
      [2, 4, 6],
    ],
    [
      "Adam's state for all weights, in both rounds",
      { method: { name: 'self_training' }, optimiser: { name: 'adam', learningRate: 1e-3, backboneFactor: 0.1 } },
      [2, 6],
    ],
    [
      "AdamW's state, while it warms up, and the norms of the gradients",
      { method: { name: 'cps' }, optimiser: { name: 'adamw', learningRate: 1e-3, warmUp: 3, clipNorm: 0.5 } },
      [2, 4],
    ],
    ["Adam's state for a flaw detector", tinyMethods().find(({ method }) => method?.name === 'gct')!, [2]],
  ] as [string, Partial<RunConfigInput>, number[]][])('resumes bit for bit: %s', async (_, method, steps) => {
    const training = { ...method.training, iterations: steps.at(-1)! + 2, checkpointEvery: 2 };
    const changes = { ...method, training };
    const whole = (await run(changes)).tracker;
    for (const from of steps) {
      const rest = await run(changes, { resumeFrom: whole.all('checkpoint').find(({ step }) => step === from)!.file });
      const later = <T extends { step: number }>(of: T[]) => of.filter(({ step }) => step > from);
      expect(rest.tracker.numbers()).toEqual(later(whole.numbers()));
      expect(rest.tracker.all('evaluation')).toEqual(later(whole.all('evaluation')));
    }
  });

  it('restarts in the second round of self-training: the initial weights learn the same labels again', async () => {
    const method = { name: 'self_training', firstRound: 0.5, weight: 0 } as const;
    const { tracker } = await run({ method, training: { iterations: 4 } });
    expect(tracker.series('lr')).toEqual([0, 1, 0, 1].map((step) => tracker.series('lr')[step]));
    const alone = await run({ method: { name: 'supervised' }, training: { iterations: 4 } });
    expect(tracker.series('confident')).toHaveLength(2);
    expect(tracker.series('confident').every((share) => share > 0)).toBe(true);
    const losses = (of: Recorder) => of.series('loss_supervised/branch1');
    expect(losses(tracker)[0]).toBe(losses(alone.tracker)[0]);
    // The third step sees other images than the first, so its losses must be those of untrained weights on these images.
    const untrained = await run({
      method: { name: 'supervised' },
      optimiser: { learningRate: 1e-9 },
      training: { iterations: 3 },
    });
    expect(losses(tracker)[2]).toBeCloseTo(losses(untrained.tracker)[2]!, 5);
    expect(losses(tracker)[2]).not.toBeCloseTo(losses(alone.tracker)[2]!, 5);
  });

  it('loads no unlabelled images in the first round of self-training, and reports nothing about them', async () => {
    const changes = {
      method: { name: 'self_training', firstRound: 0.5 },
      training: { iterations: 4, logEvery: 3 },
    } as const;
    const { tracker } = await run(changes);
    // The first round ends with a report, so that no report covers both rounds.
    const points = tracker.all('points').filter(({ values }) => 'loss' in values);
    expect(points.map(({ step, values }) => [step, 'loss_pseudo/branch1' in values, 'confident' in values])).toEqual([
      [2, false, false],
      [3, true, true],
      [4, true, true],
    ]);
    const options = { config: tinyConfig(changes), dataset, engine, tracker, resumeFrom: null };
    const prepared = await prepareRun({ ...options, workDirectory: await tinyFolder() });
    const steps = [0, 1, 2, 3];
    const loaded: boolean[] = [];
    for (const step of steps) loaded.push((await prepared.batches.take(step)).unlabelled !== null);
    await prepared.close();
    expect(loaded).toEqual([false, false, true, true]);
  });

  it('reports what looks wrong with the data again when it resumes, because an older version may have begun the run', async () => {
    const warned = { ...dataset, descriptor: { ...dataset.descriptor, warnings: ['something looks wrong'] } };
    const on = (more: RunOptions) => tinyRun({}, { on: warned, engine, ...more });
    const drained = await on({ tracker: new Recorder({ step: 2, request: 'DRAIN' }) });
    const rest = await on({ resumeFrom: drained.tracker.all('checkpoint')[0]!.file });
    const alarm = { step: 0, kind: 'DATA', network: null, classIndex: null, message: 'something looks wrong' };
    for (const { tracker } of [drained, rest]) expect(tracker.all('alarm')).toEqual([alarm]);
  });

  it('frees the counts of pixels after the setup, before the first step', async () => {
    const events: string[] = [];
    const on = { ...dataset, forgetCounts: () => events.push('forgotten') };
    const tracker = new Recorder();
    tracker.progress = (phase) => events.push(phase);
    await tinyRun({ training: { iterations: 1 } }, { on, engine, tracker });
    expect(events.slice(0, 2)).toEqual(['forgotten', 'step']);
    expect(events.filter((event) => event === 'forgotten')).toHaveLength(1);
  });

  it('stops at the next step when it is canceled or drained, and writes a checkpoint when drained', async () => {
    const canceled = await run({}, { tracker: new Recorder({ step: 2, request: 'CANCEL' }) });
    expect(canceled.end).toEqual({ outcome: 'canceled' });
    expect(canceled.tracker.all('points').at(-1)!.step).toBe(2);
    expect(canceled.tracker.all('checkpoint')).toEqual([]);

    const drained = await run({}, { tracker: new Recorder({ step: 2, request: 'DRAIN' }) });
    expect(drained.end).toEqual({ outcome: 'drained' });
    expect(drained.tracker.all('checkpoint').map(({ step }) => step)).toEqual([2]);
    const rest = await run({}, { resumeFrom: drained.tracker.all('checkpoint')[0]!.file });
    expect(rest.tracker.all('points')[0]!.step).toBe(3);
  });

  describe('drained in the middle of an evaluation', () => {
    const changes = { training: { iterations: 5, logEvery: 2, evaluateEvery: 2, sampleEvery: 2, checkpointEvery: 2 } };
    let whole: Recorder;

    beforeAll(async () => {
      whole = (await run(changes)).tracker;
    });

    /** Drains a run as soon as it reads an image of the subset, then resumes it. */
    async function interrupted(subset: Subset) {
      const tracker = new Recorder();
      let request: StopRequest | null = null;
      tracker.stopRequest = () => request;
      const load: Dataset['load'] = (of, id) => {
        if (of === subset) request = 'DRAIN';
        return dataset.load(of, id);
      };
      const first = await run(changes, { tracker, on: { ...dataset, load } });
      expect(first.end).toEqual({ outcome: 'drained' });
      const second = await run(changes, { resumeFrom: first.tracker.all('checkpoint').at(-1)!.file });
      expect(second.end).toEqual({ outcome: 'completed' });
      return [first.tracker, second.tracker] as const;
    }

    it('during training, it repeats the evaluation when it resumes, and reports the same as without an interruption', async () => {
      const [first, second] = await interrupted('VAL');
      expect(first.all('evaluation')).toEqual([]);
      expect(first.all('checkpoint').map(({ step }) => step)).toEqual([2]);
      expect([...first.numbers(), ...second.numbers()]).toEqual(whole.numbers());
      expect(second.all('evaluation')).toEqual(whole.all('evaluation'));
      expect(second.all('sample')).toEqual(whole.all('sample'));
      expect(second.all('checkpoint').map(({ step }) => step)).toEqual([2, 4, 5]);
    });

    it('at the end, it repeats all final evaluations', async () => {
      const [first, second] = await interrupted('TEST');
      expect(first.all('checkpoint').at(-1)!.step).toBe(5);
      expect(first.all('evaluation').some(({ subset }) => subset === 'TEST')).toBe(false);
      expect(second.all('evaluation')).toEqual(whole.all('evaluation').filter(({ step }) => step === 5));
      expect(second.numbers()).toEqual(whole.numbers().slice(-1));
      expect(second.all('sample').filter(({ kind }) => kind === 'BRANCH1')).toHaveLength(1);
    });
  });

  it('refuses a checkpoint of another configuration, and says what differs', async () => {
    const { tracker } = await run({ training: { iterations: 1 } });
    const { end } = await run(
      { seed: 5, training: { iterations: 1 } },
      { resumeFrom: tracker.all('checkpoint')[0]!.file },
    );
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('seed: 0 in the checkpoint, 5 in the run'),
    });
  });

  it('fails when a loss diverges, after reporting it, and names the step and the loss', async () => {
    const optimiser = { learningRate: 10, momentum: 0.99, weightDecay: 1, power: 0 };
    const { end, tracker } = await run({ optimiser, training: { iterations: 200, logEvery: 1000 } });
    expect(end).toMatchObject({ outcome: 'failed' });
    const { step, values } = tracker.all('points').at(-1)!;
    expect(Object.values(values).every(Number.isFinite)).toBe(false);
    expect(end).toMatchObject({ reason: expect.stringMatching(new RegExp(`^loss.* became .* at step ${step} with`)) });
  });

  it('fails with a reason when the method cannot train on the data', async () => {
    // The ratio is below 1, but of so few images it selects all.
    const nothingUnlabelled = await run({ split: { labelledRatio: 0.9999 } });
    expect(nothingUnlabelled.end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(
        /^method "cps" trains on unlabelled images.*0\.9999.*leaves none: 512 are labelled/,
      ),
    });

    const oneClass = {
      ...dataset,
      descriptor: { ...dataset.descriptor, classes: dataset.descriptor.classes.slice(0, 1) },
    };
    const tooFew = await run({}, { on: oneClass });
    expect(tooFew.end).toMatchObject({ reason: 'dataset "shapes" has 1 class; segmentation needs at least 2' });
  });

  it('leaks no tensors', async () => {
    await run({ training: { iterations: 1 } });
    const before = tf.memory().numTensors;
    await run({ method: { name: 'cps_cutmix' }, training: { iterations: 2 } });
    expect(tf.memory().numTensors).toBe(before);
  });
});
