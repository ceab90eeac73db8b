import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../../schema/run-config.js';
import type { OpenDataset } from '../../data/dataset.js';
import {
  Recorder,
  type TinyRunOptions,
  tinyConfig,
  tinyEngine,
  tinyFolder,
  tinyRun,
  tinyShapes,
} from '../../testing/tiny.js';
import type { RunEngine } from '../branches/branches.js';
import { prepareRun } from '../setup.js';

let engine: RunEngine;
let dataset: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

const CLASS_AWARE = { mixing: { name: 'class_aware', probability: 0.8 } } as const;
const COPY_PASTE = { mixing: { name: 'copy_paste', probability: 0.8 } } as const;

const BANK = { mixing: { name: 'confidence_bank' } } as const;

const RUNS: [string, Partial<RunConfigInput>][] = [
  ['cps, class_aware', { method: { name: 'cps' }, balance: CLASS_AWARE }],
  ['cps_cutmix, copy_paste', { method: { name: 'cps_cutmix' }, balance: COPY_PASTE }],
  ['unimatch, class_aware', { method: { name: 'unimatch', ignorePadding: true }, balance: CLASS_AWARE }],
  ['self_training, copy_paste', { method: { name: 'self_training', sharedBatch: true }, balance: COPY_PASTE }],
  ['augseg, class_aware', { method: { name: 'augseg' }, balance: CLASS_AWARE }],
  ['weak_to_strong_cps, copy_paste', { method: { name: 'weak_to_strong_cps' }, balance: COPY_PASTE }],
  ['cps_cutmix, confidence_bank', { method: { name: 'cps_cutmix' }, balance: BANK }],
  ['cutmix_seg, confidence_bank', { method: { name: 'cutmix_seg', confidence: 0.1 }, balance: BANK }],
];

function run(changes: Partial<RunConfigInput>, options: Partial<TinyRunOptions> = {}) {
  const training = { iterations: 6, checkpointEvery: 3, ...changes.training };
  return tinyRun({ ...changes, training }, { on: dataset, engine, ...options });
}

describe('a run with balance.mixing', { timeout: 120_000 }, () => {
  it.each(RUNS)('resumes bit for bit, and differs from one that does not: %s', async (_, changes) => {
    const { end, tracker: whole } = await run(changes);
    expect(end).toEqual({ outcome: 'completed' });
    const from = whole.all('checkpoint').find(({ step }) => step === 3)!.file;
    const { tracker: rest } = await run(changes, { resumeFrom: from });
    expect(rest.numbers()).toEqual(whole.numbers().filter(({ step }) => step > 3));
    const { tracker: usual } = await run({ ...changes, balance: {} });
    expect(usual.series('loss')).not.toEqual(whole.series('loss'));
  });

  it.each([RUNS[0]!, RUNS[1]!, RUNS[6]!])(
    'gives the same numbers with the networks in threads of their own: %s',
    async (_, changes) => {
      const { tracker: together } = await run(changes);
      const { tracker: apart } = await run(changes, { engine: { ...engine, twins: 'workers' } });
      expect(apart.numbers()).toEqual(together.numbers());
    },
  );

  it.each([
    ['class_aware', CLASS_AWARE],
    ['copy_paste', COPY_PASTE],
  ])('shows the networks the pasted pixels with their labels: %s', async (_, balance) => {
    const config = tinyConfig({ method: { name: 'cps' }, balance });
    const options = { config, dataset, engine, tracker: new Recorder(), resumeFrom: null };
    const prepared = await prepareRun({ ...options, workDirectory: await tinyFolder() });
    const classes = new Set<number>();
    for (let step = 0; step < 6; step++) {
      const batches = await prepared.batches.take(step);
      prepared.mix(step, batches);
      const { pasted, labels } = batches.unlabelled!;
      for (const [at, label] of pasted!.entries()) {
        if (label === 255) continue;
        classes.add(label);
        if (labels[at] !== label) throw new Error(`pixel ${at} of step ${step} has label ${labels[at]}, not ${label}`);
      }
    }
    await prepared.close();
    expect(classes.size).toBeGreaterThan(1);
  });
});
