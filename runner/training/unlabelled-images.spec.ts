import { expect, it } from 'vitest';
import { shapesFolder } from '../testing/shapes-folder.js';
import { Recorder, tinyConfig, tinyEngine, tinyFolder } from '../testing/tiny.js';
import { train } from './train.js';

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
