import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../../schema/run-config.js';
import type { OpenDataset } from '../../data/dataset.js';
import { Recorder, tinyEngine, tinyRun, tinyShapes } from '../../testing/tiny.js';
import type { RunEngine } from '../branches/branches.js';

let engine: RunEngine;
let shapes: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  shapes = await tinyShapes();
});

/** Eight labelled images, of which three are reviewed, and three of the others. */
const CHANGES: Partial<RunConfigInput> = {
  split: { labelledImages: 8 },
  training: { iterations: 60, evaluateImages: 1, reviewImages: 3 },
};

function run(changes: Partial<RunConfigInput> = {}, dataset = shapes, tracker = new Recorder()) {
  return tinyRun({ ...CHANGES, ...changes }, { on: dataset, engine, tracker });
}

describe('the review at the end of a run', { timeout: 120_000 }, () => {
  it('measures unlabelled images, doubts labels, and shows pictures of both', async () => {
    const { end, tracker } = await run();
    expect(end).toEqual({ outcome: 'completed' });
    const [reviews, labels] = [tracker.all('imageReview'), tracker.all('labelReview')];
    expect([reviews.length, labels.length]).toEqual([3, 3]);
    const pixels = 64 * 64;
    for (const { step, width, height, disagreement, predicted, expected, disputed, hash } of reviews) {
      expect({ step, width, height }).toEqual({ step: 60, width: 64, height: 64 });
      const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
      expect(sum(predicted)).toBe(pixels);
      expect(sum(expected)).toBeCloseTo(pixels, 0);
      expect(sum(disputed)).toBeCloseTo(disagreement! * pixels, 6);
      expect(hash).toMatch(/^[0-9a-f]{16}$/);
    }
    // After 60 steps with the narrowest network, some pixels are still wrong.
    const doubts = labels.flatMap((label) => label.doubts);
    expect(doubts.length).toBeGreaterThan(0);
    for (const { labelProbability, otherProbability } of doubts)
      expect(labelProbability).toBeLessThan(otherProbability);
    const pictures = tracker.all('reviewPicture');
    const kindsOf = (id: string) => pictures.filter(({ imageId }) => imageId === id).map(({ kind }) => kind);
    expect(kindsOf(reviews[0]!.imageId)).toEqual(['INPUT', 'PREDICTION', 'DIFFERENCE']);
    const doubted = labels.find((label) => label.doubts.length > 0)!;
    expect(kindsOf(doubted.imageId)).toEqual(['INPUT', 'PREDICTION', 'LABEL', 'DIFFERENCE']);
    const input = pictures.find(({ imageId }) => imageId === doubted.imageId)!;
    expect(await sharp(input.png).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(tracker.lines.find((line) => line.includes('reviewed 3 unlabelled and 3 labelled images'))).toBeDefined();
  });

  it('says of a single network only what it knows', async () => {
    const { tracker } = await run({ method: { name: 'supervised' } });
    const [review] = tracker.all('imageReview');
    expect(review!.disagreement).toBeNull();
    expect(review!.disputed).toEqual(review!.expected.map(() => 0));
    const kinds = tracker.all('reviewPicture').filter(({ imageId }) => imageId === review!.imageId);
    expect(kinds.map(({ kind }) => kind)).toEqual(['INPUT', 'PREDICTION']);
  });

  it('changes nothing about the run, and can be left out', async () => {
    const [reviewed, not] = [await run(), await run({ training: { ...CHANGES.training, reviewImages: 0 } })];
    expect(not.tracker.numbers()).toEqual(reviewed.tracker.numbers());
    expect(not.tracker.all('evaluation')).toEqual(reviewed.tracker.all('evaluation'));
    expect(not.tracker.all('imageReview')).toEqual([]);
    expect(not.tracker.all('labelReview')).toEqual([]);
  });

  it('leaves out an image that cannot be loaded, and says so', async () => {
    const first = (await run({ method: { name: 'supervised' } })).tracker.all('imageReview')[0]!.imageId;
    const broken: OpenDataset = {
      ...shapes,
      load: async (subset, id, upright) => {
        if (id === first) throw new Error(`${id}: no such file`);
        return shapes.load(subset, id, upright);
      },
    };
    const { end, tracker } = await run({ method: { name: 'supervised' } }, broken);
    expect(end).toEqual({ outcome: 'completed' });
    expect(tracker.all('imageReview')).toHaveLength(1);
    expect(tracker.lines).toContain(`WARN an image could not be reviewed: ${first}: no such file`);
  });

  it('cannot fail the run, which has been trained and evaluated', async () => {
    const tracker = new Recorder();
    const report = tracker.report.bind(tracker);
    tracker.report = (kind, record) => {
      if (kind === 'imageReview') throw new Error('out of memory');
      report(kind, record);
    };
    const { end } = await run({}, shapes, tracker);
    expect(end).toEqual({ outcome: 'completed' });
    expect(tracker.lines).toContain('WARN the training images could not be reviewed: out of memory');
  });

  it('ends the run early when a stop is requested meanwhile', async () => {
    const tracker = new Recorder();
    tracker.stopRequest = () => (tracker.all('imageReview').length > 0 ? 'DRAIN' : null);
    const { end } = await run({}, shapes, tracker);
    expect(end).toEqual({ outcome: 'drained' });
    expect(tracker.all('imageReview')).toHaveLength(1);
    expect(tracker.all('reviewPicture')).toEqual([]);
  });
});
