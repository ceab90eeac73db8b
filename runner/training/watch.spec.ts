import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../schema/run-config.js';
import type { OpenDataset } from '../data/dataset.js';
import { shapesFolder } from '../testing/shapes-folder.js';
import { type Recorder, type TinyRunOptions, tinyEngine, tinyRun, tinyShapes } from '../testing/tiny.js';
import type { AlarmEndRecord, AlarmRecord } from '../tracking/tracker.js';
import type { RunEngine } from './branches/branches.js';

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

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the pseudo-label report of a run', { timeout: 120_000 }, () => {
  // Two images of 32 x 32 per step; steps 3, 4, 6, 8, 9 and 10 are counted.
  const changes: Partial<RunConfigInput> = {
    method: { name: 'cps_cutmix' },
    training: { iterations: 10, logEvery: 3, evaluateEvery: 4, checkpointEvery: 5 },
  };
  let whole: Recorder;

  beforeAll(async () => {
    whole = (await run(changes)).tracker;
  });

  it('comes with each evaluation, for each network, and covers every pixel of the counted steps', () => {
    const records = whole.all('pseudoLabels');
    expect(records.map(({ step, network }) => `${step} ${network}`)).toEqual(
      [4, 8, 10].flatMap((step) => [`${step} BRANCH1`, `${step} BRANCH2`]),
    );
    for (const { pseudoPixels, undecidedPixels, confusion } of records) {
      expect(sum(pseudoPixels)).toBe(2 * 2 * 32 * 32);
      expect(undecidedPixels).toBe(0);
      // The shapes dataset labels every pixel; only the padding of a shrunk image has no truth.
      expect(sum(confusion!)).toBeGreaterThan(0.5 * sum(pseudoPixels));
      expect(sum(confusion!)).toBeLessThanOrEqual(sum(pseudoPixels));
    }
    const truthOf = (confusion: number[]) =>
      Array.from({ length: 7 }, (_, c) => sum(confusion.slice(7 * c, 7 * c + 7)));
    const [first, second] = records;
    expect(truthOf(first!.confusion!)).toEqual(truthOf(second!.confusion!));
    expect(first!.pseudoPixels).not.toEqual(second!.pseudoPixels);
    expect(sum(records[2]!.labelledPixels)).toBeGreaterThan(sum(first!.labelledPixels));
  });

  it('is the same if each network has its own thread, and if the run was interrupted', async () => {
    expect((await run(changes, { twins: 'workers' })).tracker.all('pseudoLabels')).toEqual(whole.all('pseudoLabels'));
    const from = whole.all('checkpoint').find(({ step }) => step === 5)!.file;
    const rest = (await run(changes, { resumeFrom: from })).tracker;
    expect(rest.all('pseudoLabels')).toEqual(whole.all('pseudoLabels').slice(2));
    // Four steps of two crops, of which the first was before the interruption.
    expect(whole.all('classCounts').map(({ crops }) => crops)).toEqual([8, 8, 4]);
    expect(rest.all('classCounts')).toEqual(whole.all('classCounts').slice(1));
  });

  it('is absent for a method without pseudo-labels', async () => {
    const { tracker } = await run({ ...changes, method: { name: 'supervised' } });
    expect(tracker.all('pseudoLabels')).toEqual([]);
  });

  it('has no confusion if the unlabelled images have no truth', async () => {
    const on = await shapesFolder({ images: 4, ignored: () => false, unlabelled: 12 });
    const { end, tracker } = await run({ ...changes, split: { labelledImages: 4 } }, { on });
    expect(end).toMatchObject({ outcome: 'completed' });
    expect(tracker.all('pseudoLabels')).toHaveLength(6);
    expect(tracker.all('pseudoLabels').every(({ confusion }) => confusion === null)).toBe(true);
  });
});

describe('an alarm', { timeout: 120_000 }, () => {
  // A learning rate so high that the networks predict one class everywhere.
  const hasty: Partial<RunConfigInput> = {
    method: { name: 'cps' },
    optimiser: { learningRate: 2, power: 0 },
    training: { iterations: 20, evaluateEvery: 2, checkpointEvery: 5 },
  };
  let whole: Awaited<ReturnType<typeof run>>;

  beforeAll(async () => {
    whole = await run(hasty);
  });

  it('of a collapsing run is reported and logged; the run continues unless the alarm must stop it', () => {
    const { end, tracker } = whole;
    expect(end).toEqual({ outcome: 'completed' });
    const takeover = tracker.all('alarm').find(({ kind }) => kind === 'TAKEOVER');
    expect(takeover).toMatchObject({ network: expect.stringMatching(/^BRANCH[12]$/) });
    expect(takeover!.message).toMatch(
      /^".+" makes up \d+\.\d % of the pseudo-labels of network [12], but only .* in 3 evaluations/,
    );
    for (const { message } of tracker.all('alarm')) expect(tracker.lines).toContain(`WARN ${message}`);
    // An alarm is raised once while its condition lasts, so never in two consecutive evaluations, which are two steps apart.
    const keyOf = ({ kind, network, classIndex }: AlarmRecord, step: number) =>
      [step, kind, network, classIndex].join();
    const told = new Set(tracker.all('alarm').map((alarm) => keyOf(alarm, alarm.step)));
    expect(told.size).toBe(tracker.all('alarm').length);
    expect(tracker.all('alarm').filter((alarm) => told.has(keyOf(alarm, alarm.step - 2)))).toEqual([]);
  });

  it('that is over is reported and logged once, before it is raised again', async () => {
    const { tracker } = whole;
    const ends = tracker.all('alarmEnd');
    expect(ends.length).toBeGreaterThan(0);
    expect(tracker.lines.filter((line) => /^INFO alarm [A-Z_]+ .*is over$/.test(line))).toHaveLength(ends.length);
    // For each thing that alarms are about: raised, over, raised, over …
    const keyOf = ({ kind, network, classIndex }: AlarmEndRecord) => [kind, network, classIndex].join();
    const about = (key: string, records: AlarmEndRecord[]) =>
      records.filter((record) => keyOf(record) === key).map(({ step }) => step);
    for (const key of new Set(ends.map(keyOf))) {
      const [raised, over] = [about(key, tracker.all('alarm')), about(key, ends)];
      for (const [index, step] of over.entries()) {
        expect(raised[index]!, key).toBeLessThan(step);
        expect(raised[index + 1] ?? Number.POSITIVE_INFINITY, key).toBeGreaterThan(step);
      }
    }
  });

  it('about networks that start again is over at that step', async () => {
    const method = { name: 'self_training' as const, firstRound: 0.5 };
    const { tracker } = await run({ ...hasty, method });
    const before = tracker.all('alarm').filter(({ step }) => step <= 10);
    expect(before.length).toBeGreaterThan(0);
    const over = tracker.all('alarmEnd').filter(({ step }) => step <= 10);
    expect(over).toHaveLength(before.length);
    expect(over.at(-1)!.step).toBe(10);
  });

  // At step 15, several alarms are active.
  it.each([5, 15])(
    'is raised, and over, in a run that resumes at step %i just as in an uninterrupted one',
    async (at) => {
      const { tracker } = whole;
      const from = tracker.all('checkpoint').find(({ step }) => step === at)!.file;
      const rest = (await run(hasty, { resumeFrom: from })).tracker;
      for (const kind of ['alarm', 'alarmEnd'] as const) {
        const later = tracker.all(kind).filter(({ step }) => step > at);
        expect(later.length).toBeGreaterThan(0);
        expect(rest.all(kind)).toEqual(later);
      }
      expect(rest.all('alarmEnd').map(({ kind }) => kind)).toContain('DIVERGING_AGREEMENT');
      // Evaluations before the interruption were counted, too.
      expect(rest.all('alarm')[0]!.step).toBeLessThan(at + 3 * 2);
    },
  );

  it.each([
    ['earlier evaluations used all images, too', { evaluateImages: 3 }, true],
    ['earlier evaluations were allowed more images than the dataset has', { evaluateImages: 200 }, true],
    ['earlier evaluations used fewer', { evaluateImages: 2 }, false],
  ])('is checked in the last evaluation only if its images are the same as before: %s', async (_, training, looked) => {
    const { tracker } = await run({
      alarms: { neverPredicted: { after: 1 } },
      optimiser: { learningRate: 2, power: 0 },
      training: { iterations: 2, ...training },
    });
    expect(tracker.all('alarm').some(({ step }) => step === 2)).toBe(looked);
  });

  it('in stopOn stops the run with its reason; a requeued run continues in spite of it', async () => {
    const stopping = { ...hasty, alarms: { stopOn: ['TAKEOVER' as const] } };
    const stopped = await run(stopping);
    const alarm = stopped.tracker.all('alarm').find(({ kind }) => kind === 'TAKEOVER')!;
    const { step, message } = alarm;
    expect(stopped.end).toEqual({
      outcome: 'failed',
      reason: `stopped by the alarm TAKEOVER at step ${step}: ${message}`,
    });
    expect(stopped.tracker.all('points').at(-1)!.step).toBe(step);
    expect(stopped.tracker.all('checkpoint').at(-1)!.step).toBe(step);

    const again = await run(stopping, { resumeFrom: stopped.tracker.all('checkpoint').at(-1)!.file });
    expect(again.tracker.all('points')[0]!.step).toBe(step + 1);
    expect(again.tracker.all('alarm').every((later) => later.step > step)).toBe(true);
  });
});
