import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SMALL_CLASSES, SMALL_IGNORE, smallImage, smallLabels } from '../../testing/small-folder.js';
import { checkHere, checkImages } from './check-images.js';
import type { ImageFiles } from './image-files.js';
import { classIndices } from './label-coding.js';

const IMAGES = 250;
const HOW = {
  decoding: { channels: 3 as const, ignoreIndex: SMALL_IGNORE },
  classes: SMALL_CLASSES,
};

let root: string;
let images: ImageFiles[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'crosscheck-check-'));
  const coding = classIndices(SMALL_CLASSES, SMALL_IGNORE);
  const [image, label] = [await smallImage(), await smallLabels()];
  images = Array.from({ length: IMAGES }, (_, i) => {
    const [file, labelFile] = [join(root, `${i}.png`), join(root, `${i}-label.png`)];
    return { id: `${i}`, image: file, label: labelFile, thermal: null, coding };
  });
  for (const files of images) {
    await writeFile(files.image, image);
    await writeFile(files.label!, label);
  }
});
afterEach(() => rm(root, { recursive: true }));

it('finds the same in threads as in this one, in the order of the images, and says how far it is', async () => {
  const bad = [3, 120, 249];
  for (const index of bad) {
    const { image } = images[index]!;
    await writeFile(image, (await readFile(image)).subarray(0, 30));
  }
  const seen: number[] = [];
  const checked = await checkImages(images, HOW, (done, total) => {
    expect(total).toBe(IMAGES);
    seen.push(done);
  });
  expect(checked).toEqual(await checkHere(images, HOW));
  expect(checked.flatMap((image, index) => ('problem' in image ? index : []))).toEqual(bad);
  expect(checked[3]).toEqual({ problem: expect.stringContaining(`${join(root, '3.png')}: cannot be decoded`) });
  expect(checked[4]).toMatchObject({
    facts: { width: 6, height: 4, pixels: [0, 11, 1, 12, 2, 1], storedChannels: 3, bits: 8, orientation: 1 },
  });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(IMAGES);
});

it.runIf(availableParallelism() > 1)('says what went wrong in a thread', async () => {
  const strange = images.map((files) => ({ ...files, coding: null as never }));
  await expect(checkImages(strange, HOW)).rejects.toThrow(/null/);
});
