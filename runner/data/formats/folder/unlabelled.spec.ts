import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeRgbPng } from '../../images/png.js';
import { openDataset } from '../../open.js';
import { drawSplit, openSplit, splitHash } from '../../splits/splits.js';
import { problemsOf } from '../../testing/problems.js';
import { makeSmallFolder, SMALL_IGNORE, smallImage, smallLabels } from '../../testing/small-folder.js';

let root: string;
const at = (...path: string[]) => join(root, ...path);
const open = () => openDataset({ name: 'small', kind: 'folder', directory: root });

beforeEach(async () => {
  root = await makeSmallFolder();
});
afterEach(() => rm(root, { recursive: true }));

async function addUnlabelled(...names: string[]): Promise<void> {
  await mkdir(at('unlabelled/images'), { recursive: true });
  for (const name of names) await writeFile(at('unlabelled/images', name), await smallImage());
}

describe('images without a label', () => {
  it('are not part of train, and all their pixels are ignored', async () => {
    await addUnlabelled('u.png', 'c.png');
    const dataset = await open();
    expect(dataset.descriptor).toMatchObject({ subsets: { TRAIN: 2, VAL: 2, TEST: 2 }, unlabelledImages: 2 });
    expect(dataset.ids('TRAIN')).toEqual(['a', 'b']);
    expect(dataset.unlabelledIds).toEqual(['c', 'u']);
    const image = await dataset.load('TRAIN', 'u');
    expect(image).toMatchObject({ id: 'u', width: 6, height: 4 });
    expect([...image.pixels.slice(0, 4)]).toEqual([0, 37, 74, 111]);
    expect(image.labels).toEqual(new Uint8Array(24).fill(SMALL_IGNORE));
    await expect(dataset.load('VAL', 'u')).rejects.toThrow('no VAL image "u"');
  });

  it('are unlabelled in every kind of split, and do not change its hash', async () => {
    await addUnlabelled('u.png', 'aa.png');
    await writeFile(at('one.txt'), 'a\n');
    await writeFile(at('other.txt'), 'b\n');
    const dataset = await open();
    const [one] = drawSplit(['a', 'b'], 0.5, 0).labelled;
    const other = one === 'a' ? 'b' : 'a';
    const half = { labelled: [one], unlabelled: ['aa', other, 'u'].sort(), hash: splitHash([one!]) };
    expect(await openSplit(dataset, { labelledRatio: 0.5, seed: 0, cover: false })).toMatchObject(half);
    expect(await openSplit(dataset, { labelledImages: 1, seed: 0, cover: false })).toMatchObject(half);
    const all = { labelled: ['a', 'b'], unlabelled: ['aa', 'u'], hash: splitHash(['a', 'b']) };
    expect(await openSplit(dataset, { labelledRatio: 1, seed: 0, cover: false })).toMatchObject(all);
    for (const unlabelledList of [null, 'other.txt']) {
      expect(await openSplit(dataset, { labelledList: 'one.txt', unlabelledList })).toMatchObject({
        labelled: ['a'],
        unlabelled: ['aa', 'b', 'u'],
        hash: splitHash(['a']),
      });
    }
  });

  it('cannot be in a list of labelled images', async () => {
    await addUnlabelled('u.png');
    await writeFile(at('one.txt'), 'a\nu\n');
    const refused = openSplit(await open(), { labelledList: 'one.txt', unlabelledList: null });
    await expect(refused).rejects.toThrow('one.txt line 2: "u" has no label');
  });

  it('change the fingerprint by their ids and bytes; without them it is the same as before', async () => {
    const fingerprint = async () => (await open()).descriptor.fingerprint;
    const none = await fingerprint();
    await addUnlabelled('u.png');
    const one = await fingerprint();
    await addUnlabelled('v.png');
    const two = await fingerprint();
    await writeFile(at('unlabelled/images/v.png'), await encodeRgbPng(new Uint8Array(72), 6, 4));
    expect(new Set([none, one, two, await fingerprint()]).size).toBe(4);
    await rm(at('unlabelled'), { recursive: true });
    expect(await fingerprint()).toBe(none);
  });

  it('are refused if they have the id of a training image, and the message names both files', async () => {
    await addUnlabelled('a.png', 'u.png');
    const clash = `${at('unlabelled/images/a.png')}: has the same stem as ${at('train/images/a.png')}`;
    expect(await problemsOf(open())).toEqual([expect.stringContaining(clash)]);
  });

  it('are checked like all other images, and all problems are reported together', async () => {
    await addUnlabelled('notes.txt', 'u.png', 'v.png');
    const image = await smallImage();
    await writeFile(at('unlabelled/images/u.png'), image.subarray(0, image.length - 20));
    await writeFile(at('unlabelled/images/v.png'), 'not an image');
    await mkdir(at('unlabelled/labels'));
    await writeFile(at('unlabelled/labels/u.png'), await smallLabels());
    expect(await problemsOf(open())).toEqual([
      `${at('unlabelled/labels')}: labels here are not read; move them and their images to the training images`,
      `${at('unlabelled/images/notes.txt')}: this file type is not allowed here; allowed: .jpg, .jpeg, .png, .bmp, .tif, .tiff, .webp`,
      expect.stringContaining(`${at('unlabelled/images/u.png')}: cannot be decoded`),
      expect.stringContaining(`${at('unlabelled/images/v.png')}: cannot be decoded`),
    ]);
  });

  it.each([
    ['unlabelled', 'images: no such folder'],
    ['unlabelled/images', 'images: contains no images'],
  ])('are reported as missing if %s is empty', async (folder, problem) => {
    await mkdir(at(folder), { recursive: true });
    expect(await problemsOf(open())).toEqual([expect.stringContaining(at('unlabelled', problem))]);
  });

  it('each need a thermal image in a dataset with four channels, and count towards its normalisation', async () => {
    const classes = JSON.parse(await readFile(at('classes.json'), 'utf8'));
    await writeFile(at('classes.json'), JSON.stringify({ ...classes, channels: 4 }));
    await addUnlabelled('u.png', 'v.png');
    const heat = (value: number) =>
      sharp(new Uint8Array(24).fill(value), { raw: { width: 6, height: 4, channels: 1 } })
        .toColourspace('b-w')
        .png()
        .toBuffer();
    for (const part of ['train', 'val', 'test', 'unlabelled']) {
      await mkdir(at(part, 'thermal'));
      const [value, ids] = part === 'unlabelled' ? [153, ['u']] : [51, ['a', 'b']];
      for (const id of ids as string[]) await writeFile(at(part, 'thermal', `${id}.png`), await heat(value as number));
    }
    const missing = `${at('unlabelled/images/v.png')}: has no thermal image; expected ${at('unlabelled/thermal/v.png')}`;
    expect(await problemsOf(open())).toEqual([missing]);
    await writeFile(at('unlabelled/thermal/v.png'), await heat(153));
    const dataset = await open();
    expect([...(await dataset.load('TRAIN', 'u')).pixels.slice(0, 4)]).toEqual([0, 37, 74, 153]);
    // Two images at 51/255 and two at 153/255.
    expect(dataset.descriptor.normalisation.mean[3]).toBeCloseTo(0.4, 12);
  });
});
