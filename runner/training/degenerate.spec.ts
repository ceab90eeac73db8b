import { beforeAll, describe, expect, it } from 'vitest';
import { methodConfig, type RunConfigInput, trainsOnUnlabelled } from '../../schema/run-config.js';
import type { OpenDataset } from '../data/dataset.js';
import { shapesFolder } from '../testing/shapes-folder.js';
import { tinyEngine, tinyMethods, tinyRun } from '../testing/tiny.js';
import type { RunEngine } from './branches/branches.js';

const IMAGES = 6;
const METHODS = tinyMethods().map((changes) => ({ method: methodConfig.parse(changes.method), changes }));

let engine: RunEngine;
let dataset: OpenDataset;
/** The same images, most of which have no labelled pixel. */
let someLabelled: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await shapesFolder({ images: IMAGES, ignored: () => false });
  someLabelled = await shapesFolder({ images: IMAGES, ignored: (index) => index % 3 !== 0 });
});

function run(changes: Partial<RunConfigInput>, on = dataset) {
  // What a step breaks is in the losses of the next one.
  const training = { iterations: 2, batchLabelled: 4, batchUnlabelled: 2, ...changes.training };
  return tinyRun({ ...changes, training }, { on, engine });
}

/** Expects the run to have completed without reporting NaN or infinite values. */
function expectTrained({ end, tracker }: Awaited<ReturnType<typeof run>>) {
  expect(end).toEqual({ outcome: 'completed' });
  expect(tracker.series('loss').length).toBeGreaterThan(0);
  const values = tracker.all('points').flatMap((point) => Object.entries(point.values));
  expect(values.filter(([, value]) => !Number.isFinite(value))).toEqual([]);
}

describe.each(METHODS)('$method.name', { timeout: 300_000 }, ({ method, changes }) => {
  it('trains with one labelled image, and with fewer unlabelled images than the batch size', async () => {
    expectTrained(await run({ ...changes, split: { labelledImages: 1 }, training: { batchUnlabelled: IMAGES } }));
  });

  it.each([{ labelledImages: IMAGES }, { labelledRatio: 0.9999 }])(
    'trains without unlabelled images, or fails and says why: %j',
    async (split) => {
      const result = await run({ ...changes, split });
      if (!trainsOnUnlabelled(method)) return expectTrained(result);
      expect(result.end).toEqual({
        outcome: 'failed',
        reason: expect.stringMatching(
          new RegExp(
            `^method "${method.name}" trains on unlabelled images, but the split .* leaves none: 6 are labelled`,
          ),
        ),
      });
    },
  );

  it('trains even if a batch has only ignored labels', async () => {
    // With two images per batch, some batches have no labels at all and others do.
    const pairs = { split: { labelledImages: IMAGES - 1 }, training: { batchLabelled: 2, iterations: 5 } };
    const mixed = await run({ ...changes, ...pairs }, someLabelled);
    expectTrained(mixed);
    const supervised = mixed.tracker.series('loss_supervised/branch1');
    expect([supervised.includes(0), supervised.some((loss) => loss > 0)]).toEqual([true, true]);

    const hard = await run({ ...changes, ...pairs, loss: { name: 'ohem' } }, someLabelled);
    expectTrained(hard);
    expect(hard.tracker.series('loss_supervised/branch1')).toContain(0);
  });
});

describe('OHEM', { timeout: 120_000 }, () => {
  it('learns from the hard pixels only, and OHEM equals cross-entropy if all pixels are kept', async () => {
    const method = { name: 'supervised' } as const;
    const losses = async (loss: RunConfigInput['loss']) =>
      (await run({ method, split: { labelledImages: 4 }, ...(loss && { loss }) })).tracker.series('loss');
    const plain = await losses({ name: 'cross_entropy' });
    expect(await losses({ name: 'ohem', keep: 32 * 32 })).toEqual(plain);
    const hard = await losses({ name: 'ohem', threshold: 0.01, keep: 100 });
    expect(hard[0]).toBeGreaterThan(plain[0]!);
  });
});
