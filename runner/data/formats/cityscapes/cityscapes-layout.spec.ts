import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeLabelPng } from '../../images/png-labels.js';
import { openDataset } from '../../open.js';
import { openSplit } from '../../splits/splits.js';
import { problemsOf } from '../../testing/problems.js';
import { CITYSCAPES, hasShared } from '../../testing/shared-data.js';
import { smallImage } from '../../testing/small-folder.js';
import { CITYSCAPES_CLASSES } from './classes.js';

const openCityscapes = (name: string, directory: string, opening = {}) =>
  openDataset({ name, kind: 'cityscapes', directory }, opening);

const IDS = ['aachen_000000_000019', 'bochum_000001_000019'];

let root: string;
const at = (...path: string[]) => join(root, ...path);
const image = (subset: string, id: string) => at('leftImg8bit', subset, id.split('_')[0]!, `${id}_leftImg8bit.png`);
const label = (subset: string, id: string, ids = 'labelIds') =>
  at('gtFine', subset, id.split('_')[0]!, `${id}_gtFine_${ids}.png`);

/** A 6x4 label, the size of `smallImage`, that repeats the given values. */
function labelOf(values: readonly number[]): Promise<Buffer> {
  const labels = Uint8Array.from({ length: 24 }, (_, i) => values[i % values.length]!);
  return sharp(labels, { raw: { width: 6, height: 4, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'crosscheck-cityscapes-'));
  for (const subset of ['train', 'val', 'test']) {
    for (const id of IDS) {
      await mkdir(join(image(subset, id), '..'), { recursive: true });
      await mkdir(join(label(subset, id), '..'), { recursive: true });
      await writeFile(image(subset, id), await smallImage());
      await writeFile(label(subset, id), await labelOf([...Array.from({ length: 24 }, (_, i) => i + 10)]));
    }
  }
});
afterEach(() => rm(root, { recursive: true }));

describe('openCityscapes', () => {
  it('reads 34 label ids as 19 classes, and has an empty test set', async () => {
    const dataset = await openCityscapes('city', root);
    expect(dataset.descriptor).toMatchObject({ kind: 'cityscapes', channels: 3, ignoreIndex: 255 });
    expect(dataset.descriptor.subsets).toEqual({ TRAIN: 2, VAL: 2, TEST: 0 });
    expect(dataset.ids('TRAIN')).toEqual(IDS);
    const { labels } = await dataset.load('VAL', IDS[1]!);
    const names = [...labels].map((value) => CITYSCAPES_CLASSES[value]?.name ?? value);
    // The label ids 10 to 33, with the names in cityscapesscripts.
    expect(names).toEqual([
      ...[255, 'building', 'wall', 'fence', 255, 255, 255, 'pole', 255, 'traffic light', 'traffic sign', 'vegetation'],
      ...['terrain', 'sky', 'person', 'rider', 'car', 'truck', 'bus', 255, 255, 'train', 'motorcycle', 'bicycle'],
    ]);
  });

  it('reads labelTrainIds if labelIds are missing', async () => {
    const before = (await openCityscapes('city', root)).descriptor.fingerprint;
    await writeFile(label('train', IDS[0]!, 'labelTrainIds'), await labelOf([18, 255]));
    expect((await openCityscapes('city', root)).descriptor.fingerprint).toBe(before);
    await rm(label('train', IDS[0]!));
    const { labels } = await (await openCityscapes('city', root)).load('TRAIN', IDS[0]!);
    expect([...labels.slice(0, 3)]).toEqual([18, 255, 18]);
  });

  it('ignores files next to the cities, follows links to cities, and reports a broken link', async () => {
    const before = (await openCityscapes('city', root)).descriptor.fingerprint;
    await writeFile(at('leftImg8bit/train/aachen.zip'), 'an archive');
    await rename(at('leftImg8bit/train/bochum'), at('bochum'));
    await symlink(at('bochum'), at('leftImg8bit/train/bochum'));
    expect((await openCityscapes('city', root)).descriptor.fingerprint).toBe(before);
    await symlink(at('nowhere'), at('leftImg8bit/train/zurich'));
    expect(await problemsOf(openCityscapes('city', root))).toEqual([
      `${at('leftImg8bit/train/zurich')}: no such folder; see docs/datasets.md for the layout`,
    ]);
  });

  it('reports all missing and invalid files together', async () => {
    await rm(label('train', IDS[0]!));
    await rm(label('val', IDS[1]!));
    await writeFile(label('val', IDS[1]!, 'labelTrainIds'), await labelOf([19]));
    await writeFile(label('train', IDS[1]!), await labelOf([7, 34]));
    await writeFile(image('val', IDS[0]!), 'not an image');
    expect(await problemsOf(openCityscapes('city', root))).toEqual([
      `${image('train', IDS[0]!)}: has no label; expected ${label('train', IDS[0]!)}`,
      `${label('train', IDS[1]!)}: value 34 at x 1, y 0 is not a valid class; allowed: 0 to 33, and 255`,
      expect.stringContaining(`${image('val', IDS[0]!)}: cannot be decoded`),
      `${label('val', IDS[1]!, 'labelTrainIds')}: value 19 at x 0, y 0 is not a valid class; allowed: 0 to 18, and 255 to ignore`,
    ]);
  });

  it('refuses train ids under the name of label ids', async () => {
    for (const subset of ['train', 'val']) {
      for (const id of IDS) await writeFile(label(subset, id), await labelOf([0, 1, 2, 10, 13, 255]));
    }
    expect(await problemsOf(openCityscapes('city', root))).toEqual([
      'the 4 labels *_gtFine_labelIds.png hold only the values 0, 1, 2, 10, 13, which are train ids, not label ids (0 to 33): ' +
        'rename them to *_gtFine_labelTrainIds.png, such as aachen_000000_000019_gtFine_labelTrainIds.png, or restore the files of the archive',
    ]);
  });

  it.each([
    [
      'in one subset',
      [
        ['val', IDS[0]!],
        ['val', IDS[1]!],
      ],
      'aachen_000000_000019',
    ],
    [
      'in one city',
      [
        ['train', IDS[1]!],
        ['train', 'bochum_000002_000019'],
      ],
      'bochum_000001_000019',
    ],
  ])('refuses train ids under the name of label ids %s', async (_, converted, first) => {
    await writeFile(image('train', 'bochum_000002_000019'), await smallImage());
    await writeFile(label('train', 'bochum_000002_000019'), await labelOf([7, 26]));
    expect((await openCityscapes('city', root)).descriptor.subsets).toMatchObject({ TRAIN: 3, VAL: 2 });
    for (const [subset, id] of converted) await writeFile(label(subset!, id!), await labelOf([0, 13, 255]));
    expect(await problemsOf(openCityscapes('city', root))).toEqual([
      '2 of the 5 labels *_gtFine_labelIds.png hold only the values 0, 13, which are train ids, not label ids (0 to 33): rename ' +
        `them to *_gtFine_labelTrainIds.png, such as ${first}_gtFine_labelTrainIds.png, or restore the files of the archive`,
    ]);
  });

  it('warns of a single label that looks like train ids, because it may hold only such classes', async () => {
    await writeFile(label('val', IDS[1]!), await labelOf([0, 13, 255]));
    expect((await openCityscapes('city', root)).descriptor.warnings).toContain(
      '1 label named *_gtFine_labelIds.png with only values below 19 (bochum_000001_000019), as train ids have: 0, 13; in label ids, they ' +
        'mean other classes. If they are train ids, rename such files, for example to bochum_000001_000019_gtFine_labelTrainIds.png',
    );
  });

  it('refuses a subset that is missing or has no images', async () => {
    await rm(at('leftImg8bit/val'), { recursive: true });
    await rm(at('leftImg8bit/train'), { recursive: true });
    await mkdir(at('leftImg8bit/train/aachen'), { recursive: true });
    expect(await problemsOf(openCityscapes('city', root))).toEqual([
      `${at('leftImg8bit/train')}: contains no <city>/*_leftImg8bit.png`,
      `${at('leftImg8bit/val')}: no such folder; see docs/datasets.md for the layout`,
    ]);
  });

  it('includes the images of train_extra on request, unlabelled in every split', async () => {
    const extra = 'augsburg_000000_000000';
    await mkdir(join(image('train_extra', extra), '..'), { recursive: true });
    await writeFile(image('train_extra', extra), await smallImage());
    const source = { name: 'city', directory: root };
    const config = { labelledRatio: 0.5, seed: 0, cover: false };
    const without = await openDataset({ ...source, kind: 'cityscapes' });
    expect(without.unlabelledIds).toEqual([]);
    const dataset = await openDataset({ ...source, kind: 'cityscapes_extra' });
    expect(dataset.descriptor).toMatchObject({ subsets: { TRAIN: 2, VAL: 2, TEST: 0 }, unlabelledImages: 1 });
    expect(dataset.descriptor.fingerprint).not.toBe(without.descriptor.fingerprint);
    const { labelled, unlabelled, hash } = await openSplit(without, config);
    expect(await openSplit(dataset, config)).toMatchObject({
      labelled,
      unlabelled: [extra, ...unlabelled].sort(),
      hash,
    });
    expect((await dataset.load('TRAIN', extra)).labels).toEqual(new Uint8Array(24).fill(255));
    await writeFile(join(image('train_extra', extra), '..', `${IDS[0]}_leftImg8bit.png`), await smallImage());
    expect((await problemsOf(openDataset({ ...source, kind: 'cityscapes_extra' }))).join()).toContain(
      `has the same stem as ${image('train', IDS[0]!)}`,
    );
    await rm(at('leftImg8bit/train_extra'), { recursive: true });
    expect(await problemsOf(openDataset({ ...source, kind: 'cityscapes_extra' }))).toEqual([
      `${at('leftImg8bit/train_extra')}: no such folder; see docs/datasets.md for the layout`,
    ]);
  });
});

describe.skipIf(!hasShared(CITYSCAPES))('the sample in the original layout', () => {
  it('opens, and its labelIds agree with its labelTrainIds', async () => {
    const dataset = await openCityscapes('city', CITYSCAPES);
    expect(dataset.descriptor.subsets).toEqual({ TRAIN: 3, VAL: 1, TEST: 0 });
    const id = 'frankfurt_000000_000294';
    const { labels } = await dataset.load('VAL', id);
    const file = join(CITYSCAPES, 'gtFine/val/frankfurt', `${id}_gtFine_labelTrainIds.png`);
    const trainIds = (await decodeLabelPng(await readFile(file))).labels;
    // They were generated separately and differ along some borders.
    const equal = labels.filter((value, i) => value === trainIds[i]).length;
    expect(equal / labels.length).toBeGreaterThan(0.995);
    expect(await dataset.load('TRAIN', 'aachen_000000_000019')).toMatchObject({ width: 2048, height: 1024 });
  });
});
