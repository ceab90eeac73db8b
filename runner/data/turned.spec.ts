import { describe, expect, it } from 'vitest';
import { inspectDataset } from './inspect/inspect-dataset.js';
import { smallDatasets } from './testing/small-datasets.js';
import { type Content, gray, picture, TWO_CLASSES } from './testing/small-files.js';

const { changed, folders } = smallDatasets();

describe('pictures turned by a tag', () => {
  it('are reported, and fit their labels when they are turned', async () => {
    const turned = await picture().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const files = {
      'train/images/a.png': null,
      'train/images/a.jpg': turned,
      'train/labels/a.png': gray([0, 1], 3, 4),
    };
    const dataset = await changed(files);
    expect(dataset.descriptor.warnings).toEqual([
      expect.stringMatching(
        /^1 image with an EXIF orientation tag \(6 in a\).* 1 label \(a\) has the size of the turned picture/,
      ),
    ]);
    expect(await dataset.load('TRAIN', 'a', true)).toMatchObject({ width: 3, height: 4 });
    await expect(dataset.load('TRAIN', 'a')).rejects.toThrow('is 3x4, but its image');
    expect(dataset.tagged).toEqual([{ subset: 'TRAIN', id: 'a', orientation: 6, fits: 'turned' }]);
  });

  it('have their labels counted like others', async () => {
    const files: Record<string, Content | null> = {};
    for (const [path, label] of [
      ['train/{}/a', gray([0, 1, 1], 3, 4)],
      ['train/{}/b', gray([1, 0, 0, 0], 3, 4)],
    ] as const) {
      files[`${path.replace('{}', 'images')}.png`] = null;
      files[`${path.replace('{}', 'images')}.jpg`] = await picture().jpeg().withMetadata({ orientation: 8 }).toBuffer();
      files[`${path.replace('{}', 'labels')}.png`] = label;
    }
    const dataset = await changed(files);
    // No class is missing.
    expect(dataset.descriptor.warnings).toEqual([
      expect.stringMatching(/^2 images with an EXIF.* 2 labels \(a, b\) have/),
    ]);
    const counts = async () => [await dataset.classPixels('a'), await dataset.classPixels('b')];
    expect(await counts()).toEqual([
      [4, 8, 0],
      [9, 3, 0],
    ]);
    dataset.forgetCounts();
    expect(await counts()).toEqual([
      [4, 8, 0],
      [9, 3, 0],
    ]);
    const { inspection } = await inspectDataset({ name: 'data', kind: 'folder', directory: folders.at(-1)! });
    expect(inspection.parts[0]!.classes.map(({ pixels, components }) => [pixels, components!.count > 0])).toEqual([
      [13, true],
      [11, true],
    ]);
  });

  it('must be turned together with their thermal images', async () => {
    const turned = await picture().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const files = {
      ...{ 'classes.json': JSON.stringify({ ...JSON.parse(TWO_CLASSES), channels: 4 }), 'train/images/a.png': null },
      ...{ 'train/images/a.jpg': turned, 'train/labels/a.png': null },
      ...{ 'train/thermal/b.png': gray([3, 9]), 'val/thermal/c.png': gray([3, 9]) },
    };
    const fits = async (thermal: Content) =>
      (await changed({ ...files, 'train/thermal/a.png': thermal })).tagged[0]!.fits;
    // A label is missing, but the thermal image says which picture it belongs to.
    expect(await fits(gray([3, 9]))).toBe('stored');
    expect(await fits(gray([3, 9], 3, 4))).toBe('turned');
  });
});
