import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeLabelPng } from '../images/png-labels.js';
import { drawSplit } from '../splits/splits.js';
import { makeOddFolder } from '../testing/odd-folder.js';
import { makeThermalFolder } from '../testing/thermal-folder.js';
import { inspectDataset } from './inspect-dataset.js';

let root: string;
beforeEach(async () => {
  root = await makeOddFolder();
});
afterEach(() => rm(root, { recursive: true }));

const inspect = async () => (await inspectDataset({ name: 'odd', kind: 'folder', directory: root })).inspection;

const name = (text: string) => ({ part: text.split(' ')[0], id: text.split(' ')[1] });

describe('inspectDataset', () => {
  it('counts images, pixels and components of each subset', async () => {
    const { parts, fingerprint, problems } = await inspect();
    expect(problems).toEqual([]);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(parts.map(({ part, images, bad }) => [part, images, bad])).toEqual([
      ['TRAIN', 4, 0],
      ['VAL', 2, 0],
      ['TEST', 1, 0],
      ['UNLABELLED', 1, 0],
    ]);
    const [train, val, test, unlabelled] = parts;
    expect(train!.classes).toEqual([
      {
        ...{ name: 'ground', pixels: 600 + 1200 + 1199, share: 2999 / 3600, images: 3 },
        components: { count: 3, smallest: 600, median: 1199, largest: 1200 },
      },
      {
        ...{ name: 'thing', pixels: 601, share: 601 / 3600, images: 2 },
        components: { count: 2, smallest: 1, median: 300.5, largest: 600 },
      },
      { name: 'rare', pixels: 0, share: 0, images: 0, components: null },
    ]);
    expect(train).toMatchObject({ ignoredPixels: 1200, missing: ['rare'] });
    expect(val).toMatchObject({ ignoredPixels: 0, missing: ['ground'] });
    expect(test!.classes.map(({ pixels }) => pixels)).toEqual([600, 600, 0]);
    expect(unlabelled).toMatchObject({ classes: [], missing: [], ignoredPixels: 0 });
    expect(train).toMatchObject({
      sizes: [{ width: 40, height: 30, images: 4 }],
      storedChannels: [{ channels: 3, images: 4 }],
      bits: [{ bits: 8, images: 4 }],
    });
    expect(train!.ranges).toHaveLength(3);
    for (const [lowest, highest] of train!.ranges) expect(lowest).toBeLessThan(highest);
  });

  it('finds equal and similar images', async () => {
    const { duplicates, nearDuplicates } = await inspect();
    expect(duplicates).toEqual([
      {
        images: ['TRAIN a', 'TRAIN c', 'VAL a'].map(name),
        acrossSubsets: true,
        labelsDiffer: true,
      },
    ]);
    expect(nearDuplicates).toEqual([{ image: name('VAL f'), of: name('TRAIN d'), distance: expect.any(Number) }]);
    expect(nearDuplicates[0]!.distance).toBeLessThanOrEqual(6);
  });

  it('compares labels by their pixels, and not by their files', async () => {
    const label = join(root, 'train/labels/c.png');
    // The same label as gray values instead of a palette.
    const { width, height, labels } = await decodeLabelPng(await readFile(join(root, 'train/labels/a.png')));
    const raw = { width, height, channels: 1 } as const;
    await sharp(labels, { raw }).toColourspace('b-w').png().toFile(label);
    await copyFile(join(root, 'train/labels/a.png'), join(root, 'val/labels/a.png'));
    const [group] = (await inspect()).duplicates;
    expect(group).toMatchObject({ images: { length: 3 }, labelsDiffer: false });
  });

  it('compares the thermal images, too, and leaves out pictures in a single colour', async () => {
    const directory = await makeThermalFolder(4);
    try {
      // All colour images are the same.
      const { inspection } = await inspectDataset({ name: 'thermal', kind: 'folder', directory });
      expect(inspection.duplicates).toEqual([]);
      expect(inspection.nearDuplicates).toEqual([]);
      expect(inspection.parts[0]!.ranges[0]).toEqual([0x44 * 257, 0x44 * 257]);
      expect(inspection.parts[0]!.bits).toEqual([{ bits: 16, images: 6 }]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('names what looks wrong', async () => {
    const { suspects, warnings } = await inspect();
    expect(suspects).toEqual({
      blank: [name('TRAIN b')],
      tiny: { below: 10, components: 1, labels: 1, worst: [{ ...name('TRAIN d'), components: 1 }] },
      clashing: [{ ...name('TEST g'), value: 1, className: 'thing', looksLike: 'rare' }],
      turned: [{ ...name('TEST g'), orientation: 3 }],
    });
    for (const words of ['has a pixel of rare', 'without a pixel of any class: b', 'EXIF', 'palette contradicts'])
      expect(warnings).toContainEqual(expect.stringContaining(words));
    expect(warnings).toHaveLength(4);
  });

  it('says what the usual splits would label', async () => {
    const { splits: found, coveringLabels } = await inspect();
    const splits = found!;
    expect(coveringLabels).toBe(1);
    expect(splits.map(({ labelledRatio, labelledImages, seed }) => [labelledRatio, labelledImages, seed])).toEqual([
      [1 / 16, 1, 0],
      [1 / 8, 1, 0],
      [1 / 4, 1, 0],
      [1 / 2, 2, 0],
    ]);
    expect(drawSplit(['a', 'b', 'c', 'd'], 1 / 4, 0).labelled).toEqual(['c']);
    expect(drawSplit(['a', 'b', 'c', 'd'], 1 / 2, 0).labelled).toEqual(['a', 'c']);
    expect(splits[2]).toMatchObject({
      classes: [
        { name: 'ground', images: 1, pixels: 1200 },
        { name: 'thing', images: 0, pixels: 0 },
        { name: 'rare', images: 0, pixels: 0 },
      ],
      missing: ['thing', 'rare'],
    });
    expect(splits[3]).toMatchObject({
      classes: [
        { name: 'ground', images: 2, pixels: 1800 },
        { name: 'thing', images: 1, pixels: 600 },
        { name: 'rare', images: 0, pixels: 0 },
      ],
      missing: ['rare'],
    });
  });

  it('lists every damaged file, and still reports the others', async () => {
    const [image, label] = [join(root, 'train/images/b.png'), join(root, 'val/labels/f.png')];
    await writeFile(image, (await readFile(image)).subarray(0, 100));
    await writeFile(label, '');
    const { problems, fingerprint, parts, suspects, splits } = await inspect();
    expect(fingerprint).toBeNull();
    expect(problems).toEqual([
      expect.stringContaining(`${image}: cannot be decoded`),
      expect.stringContaining(`${label}: cannot be decoded`),
    ]);
    expect(parts.map(({ images, bad }) => [images, bad])).toEqual([
      [4, 1],
      [2, 1],
      [1, 0],
      [1, 0],
    ]);
    expect(parts[0]!.classes[0]!.pixels).toBe(2999);
    expect(parts[0]!.ignoredPixels).toBe(0);
    expect(suspects.blank).toEqual([]);
    expect(splits).toBeNull();
  });

  it('remembers the facts, and says the same without checking again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crosscheck-checked-'));
    const checked = { folder, warn: (message: string) => expect.unreachable(message) };
    const seen: number[] = [];
    const inspectAgain = () =>
      inspectDataset(
        { name: 'odd', kind: 'folder', directory: root },
        { checked, progress: (done) => seen.push(done) },
      );
    // Files that have just been written are not trusted to be unchanged.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3000 });
    try {
      const first = await inspectAgain();
      expect(seen).toEqual([8]);
      const second = await inspectAgain();
      expect(seen).toEqual([8]);
      expect(second.inspection).toEqual(first.inspection);
    } finally {
      vi.useRealTimers();
      await rm(folder, { recursive: true });
    }
  });

  it('reports a dataset in which nothing can be learned', async () => {
    const blank = await readFile(join(root, 'train/labels/b.png'));
    for (const id of ['a', 'c', 'd']) await writeFile(join(root, `train/labels/${id}.png`), blank);
    const { problems, parts, suspects } = await inspect();
    expect(problems).toEqual([expect.stringContaining('no pixel of the 4 training labels has a class')]);
    expect(parts[0]!.ignoredPixels).toBe(4800);
    expect(parts[0]!.classes[0]).toMatchObject({ share: null, components: null });
    expect(suspects.blank).toHaveLength(4);
  });
});
