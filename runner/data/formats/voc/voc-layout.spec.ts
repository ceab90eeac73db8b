import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPng } from '../../images/png-chunks.js';
import { openDataset } from '../../open.js';
import { problemsOf } from '../../testing/problems.js';
import { hasShared, VOC } from '../../testing/shared-data.js';
import { grayPng, makeSmallVoc } from '../../testing/small-voc.js';
import { VOC_CLASSES } from './classes.js';

const openVoc = (name: string, directory: string, opening = {}) =>
  openDataset({ name, kind: 'voc', directory }, opening);

const LISTS = 'ImageSets/Segmentation';

let root: string;
const at = (...path: string[]) => join(root, 'VOC2012', ...path);
afterEach(() => rm(root, { recursive: true, force: true }));

describe('openVoc', () => {
  beforeEach(async () => {
    root = await makeSmallVoc({ augmented: false });
  });

  it('uses the images of the lists, from VOCdevkit and from VOC2012', async () => {
    const dataset = await openVoc('voc', root);
    expect(dataset.descriptor).toMatchObject({ kind: 'voc', channels: 3, ignoreIndex: 255 });
    expect(dataset.descriptor.subsets).toEqual({ TRAIN: 2, VAL: 1, TEST: 0 });
    expect([dataset.ids('TRAIN'), dataset.ids('VAL'), dataset.ids('TEST')]).toEqual([['a', 'b'], ['c'], []]);
    const image = await dataset.load('VAL', 'c');
    expect(image).toMatchObject({ id: 'c', width: 5, height: 3, channels: 3 });
    expect([...image.labels.slice(0, 4)]).toEqual([0, 20, 255, 0]);
    expect((await openVoc('voc', at())).descriptor.fingerprint).toBe(dataset.descriptor.fingerprint);
  });

  it('has no validation images without val.txt', async () => {
    await rm(at(LISTS, 'val.txt'));
    expect((await openVoc('voc', root)).descriptor.subsets).toEqual({ TRAIN: 2, VAL: 0, TEST: 0 });
  });

  it('reports all missing and invalid files together', async () => {
    await rm(at('JPEGImages/a.jpg'));
    await rm(at('SegmentationClass/c.png'));
    await writeFile(at('SegmentationClass/b.png'), await grayPng([0, 21]));
    const jpeg = await readFile(at('JPEGImages/d.jpg'));
    await writeFile(at('JPEGImages/d.jpg'), jpeg.subarray(0, jpeg.length - 30));
    await writeFile(at('SegmentationClass/d.png'), await grayPng([1]));
    await writeFile(at(LISTS, 'train.txt'), 'a\nb\nd\nb\n\n');
    expect(await problemsOf(openVoc('voc', root))).toEqual([
      `${at(LISTS, 'train.txt')}: lists b twice`,
      `${at(LISTS, 'train.txt')} line 1: ${at('JPEGImages')} has no image "a"`,
      `${at('JPEGImages/c.jpg')}: has no label, but is in ${at(LISTS, 'val.txt')}; expected ${at('SegmentationClass/c.png')}`,
      `${at('SegmentationClass/b.png')}: value 21 at x 1, y 0 is not a valid class; allowed: 0 to 20, and 255 to ignore`,
      expect.stringContaining(`${at('JPEGImages/d.jpg')}: cannot be decoded`),
    ]);
  });

  it('refuses a missing or empty list, missing folders, and an image in both train.txt and val.txt', async () => {
    await writeFile(at(LISTS, 'train.txt'), 'a\nc\n');
    expect(await problemsOf(openVoc('voc', root))).toEqual([
      `${at(LISTS, 'train.txt')}: lists c, which is also in ${at(LISTS, 'val.txt')}`,
    ]);
    await writeFile(at(LISTS, 'train.txt'), '\n');
    expect(await problemsOf(openVoc('voc', root))).toEqual([`${at(LISTS, 'train.txt')}: lists no images`]);
    await rm(at(LISTS, 'train.txt'));
    expect((await problemsOf(openVoc('voc', root))).join()).toContain('train.txt: cannot be read');
    await rm(at('SegmentationClass'), { recursive: true });
    const found = await problemsOf(openVoc('voc', root));
    expect(found).toContain(`${at('SegmentationClass')}: no such folder; see docs/datasets.md for the layout`);
  });
});

describe('SegmentationClassAug', () => {
  beforeEach(async () => {
    root = await makeSmallVoc({ augmented: true });
  });
  const opened = async () => {
    const dataset = await openVoc('voc', root);
    const label = async (subset: 'TRAIN' | 'VAL', id: string) => (await dataset.load(subset, id)).labels[1];
    return { ids: { train: dataset.ids('TRAIN'), val: dataset.ids('VAL') }, label };
  };

  it('adds all labelled images outside val.txt to training; validation keeps the labels of SegmentationClass', async () => {
    const { ids, label } = await opened();
    expect(ids).toEqual({ train: ['a', 'b', 'd'], val: ['c'] });
    expect([await label('TRAIN', 'a'), await label('TRAIN', 'd'), await label('VAL', 'c')]).toEqual([17, 17, 20]);
  });

  it('falls back to the labels of SegmentationClass for images of train.txt', async () => {
    await rm(at('SegmentationClassAug/b.png'));
    const { ids, label } = await opened();
    expect([...ids.train].sort()).toEqual(['a', 'b', 'd']);
    expect([await label('TRAIN', 'a'), await label('TRAIN', 'b')]).toEqual([17, 20]);
    await rm(at('SegmentationClass/b.png'));
    expect(await problemsOf(openVoc('voc', root))).toEqual([
      `${at('JPEGImages/b.jpg')}: has no label, but is in ${at(LISTS, 'train.txt')}; expected ${at('SegmentationClassAug/b.png')}`,
    ]);
  });

  it('needs an image for each of its labels', async () => {
    await writeFile(at('SegmentationClassAug/z.png'), await grayPng([17]));
    expect(await problemsOf(openVoc('voc', root))).toEqual([
      `${at('SegmentationClassAug/z.png')}: has no image; expected ${at('JPEGImages/z.jpg')}`,
    ]);
  });

  it('reads mmsegmentation’s trainaug.txt, with or without val.txt', async () => {
    await rm(at('SegmentationClassAug/a.png'));
    await writeFile(at(LISTS, 'trainaug.txt'), 'd\na\n');
    const { ids, label } = await opened();
    expect(ids.train).toEqual(['d', 'a']);
    expect([await label('TRAIN', 'd'), await label('TRAIN', 'a')]).toEqual([17, 20]);
    await rm(at(LISTS, 'val.txt'));
    expect((await opened()).ids).toEqual({ train: ['d', 'a'], val: [] });
  });

  it('is refused if it has no labels to train on, for example when it is nested too deep', async () => {
    await rename(at('SegmentationClassAug'), at('below'));
    await mkdir(at('SegmentationClassAug'));
    await rename(at('below'), at('SegmentationClassAug/SegmentationClassAug'));
    const refused = [
      `${at('SegmentationClassAug')}: contains no label (*.png) of an image that is not in ${at(LISTS, 'val.txt')}`,
    ];
    expect(await problemsOf(openVoc('voc', root))).toEqual(refused);
    await rm(at(LISTS, 'train.txt'));
    expect(await problemsOf(openVoc('voc', root))).toEqual(refused);
  });

  it.each(['d\na\n', '/JPEGImages/d.jpg /SegmentationClassAug/d.png\r\n/JPEGImages/a.jpg /SegmentationClassAug/a.png'])(
    'uses the list train_aug.txt if it exists: %j',
    async (list) => {
      await writeFile(at(LISTS, 'train_aug.txt'), list);
      expect((await opened()).ids.train).toEqual(['d', 'a']);
    },
  );

  it('also provides the validation labels if SegmentationClass is missing', async () => {
    await rm(at('SegmentationClass'), { recursive: true });
    const { ids, label } = await opened();
    expect(ids.val).toEqual(['c']);
    expect(await label('VAL', 'c')).toBe(17);
  });

  it('needs a list to exclude the validation images', async () => {
    await rename(at(LISTS, 'val.txt'), at(LISTS, 'other.txt'));
    expect((await problemsOf(openVoc('voc', root))).join()).toMatch(
      /its training images are unknown; add .*train_aug\.txt or .*trainaug\.txt, or .*val\.txt to exclude the validation images/,
    );
  });
});

describe.skipIf(!hasShared(VOC))('the sample in the original layout', () => {
  it('opens, and has the palette of the devkit', async () => {
    const { descriptor, load, ids } = await openVoc('voc', VOC);
    expect(descriptor.subsets).toEqual({ TRAIN: 3, VAL: 0, TEST: 0 });
    expect(ids('TRAIN')).toEqual(['2011_000003', '2011_000006', '2011_000025']);
    const image = await load('TRAIN', '2011_000003');
    expect(image).toMatchObject({ width: 500, height: 338 });
    const names = [...new Set(image.labels)].sort((a, b) => a - b).map((value) => VOC_CLASSES[value]?.name ?? value);
    expect(names).toEqual(['background', 'bottle', 'person', 255]);

    const file = await readFile(join(VOC, 'VOC2012/SegmentationClass/2011_000003.png'));
    const palette = readPng(file).find(({ type }) => type === 'PLTE')!.data;
    for (const [index, { color }] of VOC_CLASSES.entries()) {
      expect([...palette.subarray(index * 3, index * 3 + 3)]).toEqual(color);
    }
  });
});
