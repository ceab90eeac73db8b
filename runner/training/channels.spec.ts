import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { RunConfigInput } from '../../schema/run-config.js';
import { openDataset } from '../data/open.js';
import { makeSmallVoc } from '../data/testing/small-voc.js';
import { makeThermalFolder } from '../data/testing/thermal-folder.js';
import { Recorder, tinyConfig, tinyEngine, tinyFolder } from '../testing/tiny.js';
import { train } from './train.js';

async function trainOn(
  kind: string,
  directory: string,
  changes: Partial<RunConfigInput>,
  onceOpen = async () => {},
): Promise<Recorder> {
  const dataset = await openDataset({ name: 'data', kind, directory });
  await onceOpen();
  const workDirectory = await tinyFolder();
  const tracker = new Recorder();
  const config = tinyConfig({ dataset: 'data', ...changes });
  const engine = await tinyEngine();
  const end = await train({ config, dataset, engine, tracker, workDirectory, resumeFrom: null });
  for (const folder of [directory, workDirectory]) await rm(folder, { recursive: true });
  expect(end).toEqual({ outcome: 'completed' });
  return tracker;
}

test.each([
  [1, { name: 'supervised' }],
  [4, { name: 'cps_cutmix' }],
] as const)(
  'images of %i channels train %o: classes that differ only in 16-bit values are learned',
  async (channels, method) => {
    const tracker = await trainOn('folder', await makeThermalFolder(channels), {
      split: { labelledRatio: 0.5 },
      method,
      augmentation: { crop: [32, 32], scales: [1] },
      optimiser: { learningRate: 0.05 },
      training: { iterations: 30, batchLabelled: 3, batchUnlabelled: 2, sampleImages: 1 },
    });
    const losses = tracker.series('loss_supervised/branch1');
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    const input = tracker.all('sample').find(({ kind }) => kind === 'INPUT')!;
    expect(await sharp(input.png).metadata()).toMatchObject({ width: 32, height: 32, channels: 3 });
  },
);

test('labels without a labelled pixel give no score', async () => {
  const directory = await makeThermalFolder(1);
  // Such a dataset is refused, so its labels change later.
  const blank = sharp(new Uint8Array(32 * 32).fill(255), { raw: { width: 32, height: 32, channels: 1 } });
  const png = await blank.toColourspace('b-w').png().toBuffer();
  const tracker = await trainOn(
    'folder',
    directory,
    { split: { labelledRatio: 0.5 }, augmentation: { crop: [32, 32] }, training: { evaluateEvery: 3 } },
    async () => {
      for (const id of [0, 1]) await writeFile(join(directory, `val/labels/${id}.png`), png);
    },
  );
  expect(tracker.series('miou/branch1')).toEqual([]);
  expect(tracker.lines.at(-1)).toMatch(
    /^INFO finished: mIoU on val \(no labelled pixel\); on test branch1 \d+\.\d\d %, branch2 [^N]*$/,
  );
});

test('a run on a dataset without validation or test images trains to its end', async () => {
  const directory = await makeSmallVoc({ augmented: true });
  await writeFile(join(directory, 'VOC2012/ImageSets/Segmentation/train_aug.txt'), 'a\nb\nd\n');
  await rm(join(directory, 'VOC2012/ImageSets/Segmentation/val.txt'));
  const tracker = await trainOn('voc', directory, { split: { labelledRatio: 1 / 3 }, training: { evaluateEvery: 3 } });
  expect(tracker.all('evaluation')).toEqual([]);
  expect(tracker.all('sample')).toEqual([]);
  expect(tracker.all('checkpoint')).toHaveLength(1);
  expect(tracker.lines).toContain(
    'INFO finished: without an evaluation, because the dataset has neither val nor test images',
  );
});
