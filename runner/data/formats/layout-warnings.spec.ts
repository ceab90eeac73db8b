import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type Content, gray, openDetected, picture, TWO_CLASSES, written } from '../testing/small-files.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** Everybody reads warnings, so they must not name the machine's folders. */
async function warningsWith(files: Record<string, Content>): Promise<string[]> {
  const folder = await written(files);
  folders.push(folder);
  return (await openDetected(folder)).descriptor.warnings;
}

describe('datasets', () => {
  it('with lists beside folders of subsets say that the lists are not read', async () => {
    const pairs = {
      ...{ 'classes.json': TWO_CLASSES, 'images/train/a.png': picture(), 'masks/train/a.png': gray([0, 1]) },
      ...{ 'images/val/a.png': picture(), 'masks/val/a.png': gray([0, 1]), 'val.txt': 'a\n' },
    };
    expect(await warningsWith(pairs)).toEqual(['val.txt is not read, because the folders in images say the subsets']);
  });

  it('in the layout of VOC without classes are taken for PASCAL, with a warning', async () => {
    const voc = {
      ...{ 'JPEGImages/a b.1.png': picture(), 'SegmentationClass/a b.1.png': gray([0, 1, 255]) },
      'ImageSets/Segmentation/train.txt': 'a b.1',
    };
    expect(await warningsWith(voc)).toContainEqual(
      expect.stringContaining("but JPEGImages/a b.1.png is not named like PASCAL's images"),
    );
  });

  it('in the layout of Cityscapes keep its classes, with a warning', async () => {
    const city = {
      'classes.json': TWO_CLASSES,
      'leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png': picture(),
      'gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png': gray([7, 8, 26]),
      'leftImg8bit/val/bonn/bonn_000000_000019_leftImg8bit.png': picture(),
      'gtFine/val/bonn/bonn_000000_000019_gtFine_labelIds.png': gray([7, 8, 26]),
    };
    expect((await warningsWith(city))[0]).toBe('classes.json is not read, because the classes are those of Cityscapes');
  });
});
