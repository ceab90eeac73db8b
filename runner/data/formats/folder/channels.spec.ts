import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pixels } from '../../images/pixels.js';
import { readPng, writePng } from '../../images/png-chunks.js';
import { openDataset } from '../../open.js';
import { problemsOf } from '../../testing/problems.js';
import { makeSmallFolder, SMALL_HEIGHT, SMALL_WIDTH, smallImage } from '../../testing/small-folder.js';

const openFolder = (name: string, directory: string, opening = {}) =>
  openDataset({ name, kind: 'folder', directory }, opening);

const COUNT = SMALL_WIDTH * SMALL_HEIGHT;
const SUBSETS = ['train', 'val', 'test'];
/** A narrow range of values, as thermal cameras write it. Only 16 bits can tell the values apart. */
const BAND = Uint16Array.from({ length: COUNT }, (_, i) => 29_000 + i);

let root: string;
const at = (...path: string[]) => join(root, ...path);
const open = () => openFolder('small', root);

beforeEach(async () => {
  root = await makeSmallFolder();
});
afterEach(() => rm(root, { recursive: true }));

async function setClasses(keys: Record<string, unknown>): Promise<void> {
  const file = JSON.parse(await readFile(at('classes.json'), 'utf8'));
  await writeFile(at('classes.json'), JSON.stringify({ ...file, ...keys }));
}

/** A PNG with 1 or 3 channels, and the bit depth of its values. */
function png(pixels: Pixels, width = SMALL_WIDTH, height = SMALL_HEIGHT): Promise<Buffer> {
  const channels = (pixels.length / (width * height)) as 1 | 3;
  const deep = pixels instanceof Uint16Array;
  const space = channels === 1 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  return sharp(pixels, { raw: { width, height, channels } }).toColourspace(space).png().toBuffer();
}

async function everywhere(kind: string, file: Uint8Array): Promise<void> {
  for (const subset of SUBSETS) {
    await mkdir(at(subset, kind), { recursive: true });
    for (const id of ['a', 'b']) await writeFile(at(subset, kind, `${id}.png`), file);
  }
}

describe('one channel', () => {
  it('keeps its 16-bit values, and normalises them by their mean and deviation over train', async () => {
    await setClasses({ channels: 1 });
    await everywhere('images', await png(BAND));
    // Only the images of train count.
    await writeFile(at('val/images/a.png'), await png(new Uint16Array(COUNT)));
    const { descriptor, load } = await open();
    expect(descriptor.channels).toBe(1);
    const image = await load('TRAIN', 'a');
    expect(image).toMatchObject({ channels: 1, width: SMALL_WIDTH, height: SMALL_HEIGHT });
    expect(image.pixels).toEqual(BAND);
    // 29,000 to 29,023: mean 29,011.5, variance (24² - 1) / 12
    expect(descriptor.normalisation.mean[0]).toBeCloseTo(29_011.5 / 65_535, 12);
    expect(descriptor.normalisation.std[0]).toBeCloseTo(Math.sqrt(575 / 12) / 65_535, 8);
  });

  it('also reads JPEG and 8-bit files, each with its own bit depth', async () => {
    await setClasses({ channels: 1 });
    const gray = Uint8Array.from({ length: COUNT }, (_, i) => i * 10);
    await everywhere('images', await png(gray));
    await rm(at('train/images/b.png'));
    const raw = { width: SMALL_WIDTH, height: SMALL_HEIGHT, channels: 1 } as const;
    await sharp(gray, { raw }).toColourspace('b-w').jpeg({ quality: 100 }).toFile(at('train/images/b.jpg'));
    const dataset = await open();
    expect((await dataset.load('TRAIN', 'a')).pixels).toEqual(gray);
    const { pixels } = await dataset.load('TRAIN', 'b');
    for (const [i, value] of pixels.entries()) expect(Math.abs(value - gray[i]!)).toBeLessThan(6);
  });

  it('uses the mean and deviation in classes.json, which change the fingerprint', async () => {
    await everywhere('images', await png(BAND));
    await setClasses({ channels: 1 });
    const measured = (await open()).descriptor;
    await setClasses({ channels: 1, normalise: { mean: [0.4], std: [0.01] } });
    const given = (await open()).descriptor;
    expect(given.normalisation).toEqual({ mean: [0.4], std: [0.01] });
    expect(given.fingerprint).not.toBe(measured.fingerprint);
  });

  it('refuses colour images and uniform images', async () => {
    await setClasses({ channels: 1 });
    await everywhere('images', await png(BAND));
    await writeFile(at('val/images/b.png'), await smallImage());
    expect(await problemsOf(open())).toEqual([
      `${at('val/images/b.png')}: cannot be decoded: it is a colour image, but one channel is expected; save it as an 8-bit or 16-bit grayscale PNG`,
    ]);
    await everywhere('images', await png(new Uint16Array(COUNT).fill(20_000)));
    expect(await problemsOf(open())).toEqual([expect.stringContaining('every image of train has the same value')]);
  });
});

describe('three channels', () => {
  const deep = Uint16Array.from({ length: COUNT * 3 }, (_, i) => i * 901);

  it('are read as stored, whatever colour profile the file has', async () => {
    const plain = (await (await open()).load('TRAIN', 'a')).pixels;
    const create = { width: 1, height: 1, channels: 3, background: '#445566' } as const;
    const profiled = await sharp({ create }).withIccProfile('p3').png().toBuffer();
    const profile = readPng(profiled).find(({ type }) => type === 'iCCP')!;
    const withProfile = (file: Uint8Array) => {
      const [header, ...rest] = readPng(file);
      return writePng([header!, profile, ...rest]);
    };
    await writeFile(at('train/images/a.png'), withProfile(await smallImage()));
    await writeFile(at('train/images/b.png'), withProfile(await png(deep)));
    const { load } = await open();
    expect((await load('TRAIN', 'a')).pixels).toEqual(plain);
    expect((await load('TRAIN', 'b')).pixels).toEqual(deep);
  });

  it('keep the 16-bit values of RGB and gray files', async () => {
    await writeFile(at('train/images/a.png'), await png(deep));
    await writeFile(at('train/images/b.png'), await png(BAND));
    const { descriptor, load } = await open();
    expect(descriptor).toMatchObject({ channels: 3, normalisation: { mean: [0.485, 0.456, 0.406] } });
    expect((await load('TRAIN', 'a')).pixels).toEqual(deep);
    expect((await load('TRAIN', 'b')).pixels).toEqual(
      Uint16Array.from({ length: COUNT * 3 }, (_, i) => BAND[(i / 3) | 0]!),
    );
  });
});

describe('RGB and a thermal folder', () => {
  beforeEach(() => setClasses({ channels: 4 }));

  it('become four channels with the larger bit depth of the two', async () => {
    await everywhere('thermal', await png(BAND));
    const { descriptor, load } = await open();
    expect(descriptor.channels).toBe(4);
    expect(descriptor.normalisation.mean.slice(0, 3)).toEqual([0.485, 0.456, 0.406]);
    expect(descriptor.normalisation.mean[3]).toBeCloseTo(29_011.5 / 65_535, 12);
    const { pixels, channels } = await load('VAL', 'a');
    expect(channels).toBe(4);
    expect(pixels).toBeInstanceOf(Uint16Array);
    expect([...pixels.slice(0, 8)]).toEqual([0, 37 * 257, 74 * 257, 29_000, 111 * 257, 148 * 257, 185 * 257, 29_001]);

    await everywhere('thermal', await png(Uint8Array.from(BAND, (value) => value - 29_000)));
    expect((await (await open()).load('VAL', 'a')).pixels).toEqual(
      expect.objectContaining({ 0: 0, 1: 37, 2: 74, 3: 0, 7: 1 }),
    );
  });

  it('have a fingerprint that changes with any thermal file', async () => {
    await everywhere('thermal', await png(BAND));
    const before = (await open()).descriptor;
    await writeFile(at('test/thermal/b.png'), await png(BAND.map((value) => value + 1)));
    const after = (await open()).descriptor;
    expect(after.normalisation).toEqual(before.normalisation);
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });

  it('report all missing and invalid thermal files together', async () => {
    await everywhere('thermal', await png(BAND));
    await rm(at('train/thermal/a.png'));
    await rm(at('train/images/b.png'));
    await rm(at('train/labels/b.png'));
    await writeFile(at('val/thermal/a.png'), await png(BAND.slice(0, 20), 5, 4));
    const file = await png(BAND);
    await writeFile(at('val/thermal/b.png'), file.subarray(0, file.length - 20));
    await writeFile(at('test/thermal/a.png'), await smallImage());
    expect(await problemsOf(open())).toEqual([
      `${at('train/images/a.png')}: has no thermal image; expected ${at('train/thermal/a.png')}`,
      `${at('train/thermal/b.png')}: has no image; expected ${at('train/images/b')} with the extension .jpg, .jpeg, .png, .bmp, .tif, .tiff or .webp`,
      `${at('val/thermal/a.png')}: is 5x4, but its image ${at('val/images/a.png')} is 6x4`,
      expect.stringContaining(`${at('val/thermal/b.png')}: cannot be decoded`),
      expect.stringContaining(`${at('test/thermal/a.png')}: cannot be decoded: it is a colour image`),
    ]);
    await rm(at('val/thermal'), { recursive: true });
    expect(await problemsOf(open())).toContain(
      `${at('val/thermal')}: no such folder; see docs/datasets.md for the layout`,
    );
  });
});

describe('classes.json', () => {
  it('must say whether a thermal folder is used', async () => {
    await mkdir(at('train/thermal'));
    expect(await problemsOf(open())).toEqual([
      `${at('train/thermal')}: classes.json does not say whether to use this folder; set "channels" to 4 to use it, or to 3 to ignore it`,
    ]);
    await setClasses({ channels: 3 });
    expect((await open()).descriptor.channels).toBe(3);
  });

  it.each([
    [{ channels: 2 }, 'channels: must be 1 or 3 or 4; got 2'],
    [
      { channels: 4, normalise: { mean: [0.5], std: [1, 1, 1, 1] } },
      'normalise.mean: must have 4 numbers, one per channel; got 1',
    ],
    [
      { normalise: { mean: [123.675, 0.5, -0.5], std: [1, 58.395, 1] } },
      'normalise.mean.0: must be from 0 to 1; divide 8-bit numbers by 255 and 16-bit numbers by 65535; got 123.675,' +
        'normalise.mean.2: must be from 0 to 1; divide 8-bit numbers by 255 and 16-bit numbers by 65535; got -0.5,' +
        'normalise.std.1: must be from 0 to 1; divide 8-bit numbers by 255 and 16-bit numbers by 65535; got 58.395',
    ],
    [{ normalise: { mean: [0, 0, 0], std: [1, 0, 1] } }, 'normalise.std.1: must be more than 0; got 0'],
    [{ normalise: { mean: [0, 0, 0] } }, 'normalise.std: must be a list; got nothing'],
    [{ normalise: { mean: [0], std: [1], max: 1, min: 0 } }, 'normalise: has the unknown keys max, min; got'],
  ])('refuses %j', async (keys, message) => {
    await setClasses(keys);
    expect((await problemsOf(open())).join()).toContain(message);
  });
});
