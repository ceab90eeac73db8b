import { beforeAll, expect, it } from 'vitest';
import type { OpenDataset } from '../data/dataset.js';
import { Recorder, tinyConfig, tinyEngine, tinyFolder, tinyShapes } from '../testing/tiny.js';
import { BestOnVal } from './best-on-val.js';
import type { RunEngine } from './branches/branches.js';
import { readCheckpoint } from './checkpoint.js';
import { train } from './train.js';

let dataset: OpenDataset;
let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

const SELF_TRAINING = { name: 'self_training', firstRound: 0.5 } as const;

function keeper(method: object, best?: number) {
  const config = tinyConfig({ method: { ...SELF_TRAINING, ...method }, training: { iterations: 8 } });
  const kept: number[] = [];
  let step = 0;
  const keep = async () => {
    kept.push(step);
  };
  const bestOnVal = new BestOnVal(config, { keep }, best);
  const evaluated = async (...scores: (number | undefined)[]) => {
    for (const score of scores) await bestOnVal.evaluated(++step, score);
    return kept;
  };
  return { bestOnVal, evaluated };
}

it('keeps each network of the first round that is better than all before it', async () => {
  const { bestOnVal, evaluated } = keeper({ teacher: 'best' });
  expect(await evaluated(0.2, 0.1, 0.2, 0.3)).toEqual([1, 4]);
  expect(bestOnVal.save()).toEqual({ best: 0.3 });
  expect([3, 4, 5].map((step) => bestOnVal.needs(step))).toEqual([false, true, false]);
  // The second round.
  expect(await evaluated(0.9)).toEqual([1, 4]);
  expect(bestOnVal.save()).toEqual({ best: 0.3 });
});

it('continues from the best of a checkpoint, and passes over evaluations without a score', async () => {
  expect(await keeper({ teacher: 'best' }, 0.2).evaluated(0.2, Number.NaN, undefined, 0.25)).toEqual([4]);
});

it('keeps nothing if the teacher is the last network', async () => {
  const { bestOnVal, evaluated } = keeper({});
  expect(await evaluated(0.2, 0.3)).toEqual([]);
  expect([bestOnVal.save(), bestOnVal.needs(4)]).toEqual([{}, false]);
});

it('makes the network with the best evaluation of the first round the teacher of the second', {
  timeout: 120_000,
}, async () => {
  // At this rate, the network gets worse on val at some point.
  const optimiser = { learningRate: 1 };
  const training = { iterations: 12, evaluateEvery: 1, checkpointEvery: 1 };
  const config = tinyConfig({ method: { ...SELF_TRAINING, teacher: 'best' }, optimiser, training });
  const tracker = new Recorder();
  await train({ config, dataset, engine, tracker, workDirectory: await tinyFolder(), resumeFrom: null });
  const scores = tracker.series('miou/branch1').slice(0, 6);
  const best = scores.indexOf(Math.max(...scores)) + 1;
  expect(best, String(scores)).toBeLessThan(6);

  const { splitHash } = tracker.all('setup')[0]!;
  const identity = { config, splitHash, datasetFingerprint: dataset.descriptor.fingerprint };
  const stateAt = async (step: number) => {
    const { file } = tracker.all('checkpoint').find((checkpoint) => checkpoint.step === step)!;
    const { branches } = await readCheckpoint(file, identity);
    const group = (name: string) =>
      Object.entries(branches[0]!).flatMap(([key, { values }]) => (key.startsWith(`${name}.`) ? [[...values]] : []));
    return { group, names: Object.keys(branches[0]!) };
  };
  const [atBest, atLast, after] = [await stateAt(best), await stateAt(6), await stateAt(7)];
  for (const group of ['weights', 'statistics']) {
    expect(atLast.group(`best_${group}`)).toEqual(atBest.group(group));
    expect(after.group(`teacher_${group}`)).toEqual(atBest.group(group));
    expect(after.group(`teacher_${group}`)).not.toEqual(atLast.group(group));
  }
  expect(after.names.filter((name) => name.startsWith('best_'))).toEqual([]);
});
