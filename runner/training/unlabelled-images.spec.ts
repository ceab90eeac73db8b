import { expect, it } from 'vitest';
import { shapesFolder } from '../testing/shapes-folder.js';
import { Recorder, tinyConfig, tinyEngine, tinyFolder } from '../testing/tiny.js';
import { train } from './train.js';

it('trains CutMix-Seg on all images without their labels, even if all have labels', async () => {
  const dataset = await shapesFolder({ images: 3, ignored: () => false, unlabelled: 2 });
  const tracker = new Recorder();
  const method = { name: 'cutmix_seg', unlabelledImages: 'all', strongColours: true } as const;
  const config = tinyConfig({ method, split: { labelledRatio: 1 }, training: { iterations: 2 } });
  const options = { config, dataset, engine: await tinyEngine(), workDirectory: await tinyFolder() };
  expect(await train({ ...options, tracker, resumeFrom: null })).toEqual({ outcome: 'completed' });
  expect(tracker.lines).toContain('INFO 3 labelled and 5 unlabelled training images');
  expect(tracker.all('setup')).toMatchObject([{ labelledImages: 3, unlabelledImages: 5 }]);
}, 120_000);

it('trains with every available label and on unlabelled images, whose pseudo-labels have no known truth', async () => {
  const dataset = await shapesFolder({ images: 2, ignored: () => false, unlabelled: 5 });
  const tracker = new Recorder();
  const config = tinyConfig({ split: { labelledRatio: 1 }, training: { iterations: 4, evaluateEvery: 2 } });
  const options = { config, dataset, engine: await tinyEngine(), workDirectory: await tinyFolder() };
  const end = await train({ ...options, tracker, resumeFrom: null });
  expect(end).toEqual({ outcome: 'completed' });
  expect(tracker.lines).toContain('INFO 2 labelled and 5 unlabelled training images');
  expect(tracker.series('loss_cross/branch1').every((loss) => loss > 0)).toBe(true);
  expect(tracker.all('pseudoLabels').length).toBeGreaterThan(0);
  for (const { confusion, pseudoPixels, labelledPixels } of tracker.all('pseudoLabels')) {
    expect(confusion).toBeNull();
    for (const pixels of [pseudoPixels, labelledPixels]) expect(Math.max(...pixels)).toBeGreaterThan(0);
  }
}, 120_000);
