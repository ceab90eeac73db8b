import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

const VOC_WIDTH = 5;
const VOC_HEIGHT = 3;

/**
 * Creates a VOCdevkit in a new temporary folder. Images a and b are for training and c for validation. Image d has only
 * an augmented label, and e is in no list. In the augmented labels, every pixel is a sheep.
 */
export async function makeSmallVoc(options: { augmented: boolean }): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'crosscheck-voc-'));
  const at = (...path: string[]) => join(root, 'VOC2012', ...path);
  for (const folder of ['JPEGImages', 'SegmentationClass', 'ImageSets/Segmentation']) {
    await mkdir(at(folder), { recursive: true });
  }
  for (const id of ['a', 'b', 'c', 'd', 'e']) await writeFile(at('JPEGImages', `${id}.jpg`), await photo());
  for (const id of ['a', 'b', 'c']) await writeFile(at('SegmentationClass', `${id}.png`), await grayPng([0, 20, 255]));
  await writeFile(at('ImageSets/Segmentation/train.txt'), 'a\nb\n');
  await writeFile(at('ImageSets/Segmentation/val.txt'), 'c\r\n');
  if (!options.augmented) return root;
  await mkdir(at('SegmentationClassAug'));
  for (const id of ['a', 'b', 'c', 'd']) await writeFile(at('SegmentationClassAug', `${id}.png`), await grayPng([17]));
  return root;
}

function photo(): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: VOC_WIDTH * VOC_HEIGHT * 3 }, (_, i) => (i * 11) % 256);
  return sharp(pixels, { raw: { width: VOC_WIDTH, height: VOC_HEIGHT, channels: 3 } })
    .jpeg()
    .toBuffer();
}

/** A label that repeats the given values. */
export function grayPng(values: readonly number[]): Promise<Buffer> {
  const labels = Uint8Array.from({ length: VOC_WIDTH * VOC_HEIGHT }, (_, i) => values[i % values.length]!);
  return sharp(labels, { raw: { width: VOC_WIDTH, height: VOC_HEIGHT, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
