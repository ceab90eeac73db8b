import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePalettePng } from './images/png.js';
import { BLACK_RED, classes, GROUND, labelsOf, RUST, smallDatasets } from './testing/small-datasets.js';
import { type Content, colours, gray, picture } from './testing/small-files.js';
import { floatTiff } from './testing/tiff-files.js';

const { changed, problemsWith } = smallDatasets();
const json = JSON.stringify;

describe('label values', () => {
  it('0, 128 and 255 need "values", and say so', async () => {
    const masks = { 'train/labels/a.png': gray([0, 128, 255, 255]), 'train/labels/b.png': gray([0, 255]) };
    expect(await problemsWith(masks)).toEqual([
      'train/labels/a.png: value 128 at x 1, y 0 is not a valid class; allowed: 0 to 1, and 255 to ignore',
    ]);
    const values = { 0: 'ground', 1: 'rust', 128: null, 255: 'rust' };
    const dataset = await changed({ ...masks, 'classes.json': json({ ...classes(GROUND, RUST), values }) });
    expect(await labelsOf(dataset, 'a')).toEqual([0, 255, 1, 1]);
    expect(dataset.descriptor.warnings).toEqual([]);
  });

  it('0 and 255 of three classes leave nothing to learn', async () => {
    const mask = gray([0, 255]);
    const three = json(classes(GROUND, RUST, { name: 'dent' }));
    const masks = { 'classes.json': three, 'train/labels/a.png': mask, 'train/labels/b.png': mask };
    expect(await problemsWith(masks)).toEqual([
      'the training labels hold only "ground" and ignored pixels, so nothing can be learned; their values are 0 and 255: if 255 ' +
        'means "rust", say so in classes.json: "values": {"0": "ground", "1": "rust", "2": "dent", "255": "rust"}',
    ]);
  });

  it('that several names share are merged', async () => {
    const values = { 3: 'ground', 7: 'rust', 9: 'rust', 200: null };
    const dataset = await changed({
      'classes.json': json({ ...classes(GROUND, RUST), values }),
      'train/labels/a.png': gray([3, 7, 9, 200]),
      'train/labels/b.png': gray([3, 9]),
      'val/labels/c.png': gray([255, 3, 7]),
    });
    expect(await labelsOf(dataset, 'a')).toEqual([0, 1, 1, 255]);
  });

  it('count from 1 with reduce_zero_label, and 0 is ignored', async () => {
    const fromOne = {
      'train/labels/a.png': gray([0, 1, 2, 255]),
      'train/labels/b.png': gray([1]),
      'val/labels/c.png': gray([2]),
    };
    const list = { ...classes(GROUND, RUST), reduce_zero_label: true };
    const dataset = await changed({ ...fromOne, 'classes.json': json(list) });
    expect(await labelsOf(dataset, 'a')).toEqual([255, 0, 1, 255]);
    const named = {
      ...list,
      classes: [
        { ...GROUND, id: 1 },
        { ...RUST, id: 2 },
      ],
    };
    expect(await problemsWith({ ...fromOne, 'classes.json': json(named) })).toEqual([
      'reduce_zero_label: the first class has the value 1 then, so leave out "id" and "values"',
    ]);
  });

  it('of 16 bits are refused', async () => {
    const deep = await gray([1]).toColourspace('grey16').png().toBuffer();
    expect(await problemsWith({ 'train/labels/a.png': deep })).toEqual([
      'train/labels/a.png: cannot be decoded: the label PNG is 16-bit grayscale; save class indices as an 8-bit palette or ' +
        'grayscale PNG',
    ]);
  });

  it('with a palette that a tool renumbered in one file are reported with this file', async () => {
    const palette = (order: number[]) =>
      order.map((index) => ({
        name: `${index}`,
        color: [
          [0, 0, 0],
          [128, 0, 0],
        ][index] as [number, number, number],
      }));
    const labels = Uint8Array.from({ length: 12 }, (_, at) => at % 2);
    const files = {
      'train/labels/a.png': await encodePalettePng(labels, 4, 3, palette([0, 1]), 2),
      'train/labels/b.png': await encodePalettePng(labels, 4, 3, palette([1, 0]), 2),
    };
    // The default colours of classes are only for display.
    expect((await changed(files)).descriptor.warnings).toEqual([]);
    const listed = classes(...BLACK_RED);
    const dataset = await changed({ ...files, 'classes.json': json(listed) });
    expect(dataset.descriptor.warnings).toEqual([
      '1 label whose palette contradicts the classes: in train/labels/b.png, value 0 is read as "ground", but has ' +
        'the colour of "rust"; a tool may have renumbered the palette',
    ]);
  });
});

describe('labels in colour', () => {
  const list = { ...classes({ ...GROUND, color: [10, 20, 30] }, { ...RUST, color: [200, 100, 50] }) };
  const coloured = (...all: number[][]) => ({
    'train/labels/a.png': colours(all),
    'train/labels/b.png': colours(all),
    'val/labels/c.png': colours(all),
  });
  const both = coloured([10, 20, 30], [200, 100, 50], [10, 20, 30], [0, 0, 0]);

  it('are read by the colours of the classes and ignore_color, also with ids from 1 and 0 to ignore', async () => {
    expect((await problemsWith({ ...both, 'classes.json': json(list) }))[0]).toBe(
      'train/labels/a.png: colour (0, 0, 0) at x 3, y 0 is not that of a class; labels in colour must have exactly the colours ' +
        'of the classes, or ignore_color, without blurred edges',
    );
    for (const ids of [false, true]) {
      const named = list.classes.map((each, index) => (ids ? { id: index + 1, ...each } : each));
      const file = { classes: named, ignore_color: [0, 0, 0], ...(ids && { ignore_index: 0 }) };
      expect(await labelsOf(await changed({ ...both, 'classes.json': json(file) }), 'a')).toEqual([0, 1, 0, 255]);
    }
  });

  it('in shades of gray are refused, because they are probably values', async () => {
    expect((await problemsWith({ ...coloured([0, 0, 0], [1, 1, 1]), 'classes.json': json(list) }))[0]).toBe(
      'train/labels/a.png: colour (0, 0, 0) at x 0, y 0 is not that of a class; the label is a colour picture in shades of gray: ' +
        'if they are class indices, save it as grayscale; if they are the colours of classes, write them in classes.json',
    );
  });

  it('in a colour of two classes are refused', async () => {
    const twins = classes(
      { ...GROUND, color: [9, 9, 9] },
      { ...RUST, color: [9, 9, 9] },
      { name: 'dent', color: [0, 0, 0] },
    );
    expect((await problemsWith({ ...coloured([0, 0, 0], [9, 9, 9]), 'classes.json': json(twins) }))[0]).toBe(
      'train/labels/a.png: colour (9, 9, 9) at x 1, y 0 is that of several classes, so it says nothing; give each class its own colour',
    );
  });
});

describe('files', () => {
  it('that lossy compression has changed cannot be labels', async () => {
    const problem = 'cannot hold a label; save labels as PNG';
    const jpeg = await gray([0, 1]).jpeg().toBuffer();
    const webp = await gray([0, 1]).webp().toBuffer();
    const lossy = {
      ...{ 'train/labels/a.png': null, 'train/labels/a.jpg': jpeg, 'train/labels/b.png': jpeg },
      ...{ 'val/labels/c.png': null, 'val/labels/c.webp': webp },
    };
    expect(await problemsWith(lossy)).toEqual([
      `train/labels/a.jpg: JPEG changes values, so it ${problem}`,
      `train/labels/b.png: cannot be decoded: lossy compression changes values, so it ${problem}`,
      `val/labels/c.webp: cannot be decoded: lossy compression changes values, so it ${problem}`,
    ]);
  });

  it('that are empty, folders, or pictures for printers are called so', async () => {
    const cmyk = await picture().toColourspace('cmyk').jpeg().toBuffer();
    const strange = {
      ...{ 'train/images/a.png': null, 'train/images/a.jpg': cmyk },
      ...{ 'train/images/b.png': '', 'val/images/c.png': null, 'val/images/c.png/thumbnail.txt': 'x' },
    };
    expect(await problemsWith(strange)).toEqual([
      'val/images/c.png: is a folder, but has the name of a file; remove it or rename it',
      'val/labels/c.png: has no image; expected val/images/c with the extension .jpg, .jpeg, .png, .bmp, .tif, .tiff or .webp',
      'train/images/a.jpg: cannot be decoded: it is a CMYK picture, for printers; its colours depend on a profile, so save it as RGB',
      'train/images/b.png: cannot be decoded: the file is empty',
    ]);
  });

  it('of labels without an image, and of val without labels, are problems', async () => {
    expect(await problemsWith({ 'train/images/a.png': null })).toEqual([
      'train/labels/a.png: has no image; expected train/images/a with the extension .jpg, .jpeg, .png, .bmp, .tif, .tiff or .webp',
    ]);
    expect(await problemsWith({ 'val/labels/c.png': null })).toEqual([
      'val/labels: no such folder; see docs/datasets.md for the layout',
    ]);
  });

  it('of one name in two forms of Unicode are one name too many', async () => {
    const [nfc, nfd] = [`é`.normalize('NFC'), `é`.normalize('NFD')];
    const twice = { [`train/images/${nfc}.png`]: picture(), [`train/images/${nfd}.png`]: picture() };
    expect(await problemsWith(twice)).toEqual([
      `train/images/${nfc}.png: has the same stem as train/images/${nfd}.png; remove one of them`,
    ]);
  });
});

it('pictures of other types, several in one file, and names with control characters are refused', async () => {
  const raw = { width: 4, height: 6, channels: 3, pageHeight: 3 } as const;
  const twoPages = await sharp(new Uint8Array(72), { raw }).tiff().toBuffer();
  const files = {
    ...{ 'train/images/a.png': null, 'train/images/a.tif': floatTiff(4, 3), 'train/images/b\nc.png': picture() },
    ...{ 'train/images/b.png': null, 'train/images/b.tif': twoPages },
  };
  expect(await problemsWith(files)).toEqual([
    'train/images: has a file whose name holds a control character, "b\\nc.png"; rename it',
    'train/images/a.tif: cannot be decoded: its values are of the type "float"; save it with 8 or 16 bits per channel',
    'train/images/b.tif: cannot be decoded: it holds 2 pictures; save each in a file of its own',
  ]);
});

it.each(['val', 'valid', 'validation'])('the folder of val may be called %s', async (name) => {
  const images = { [`${name}/images/c.png`]: picture(), [`${name}/labels/c.png`]: gray([0, 1]) };
  const dataset = await changed({ 'val/images/c.png': null, 'val/labels/c.png': null, ...images });
  expect(dataset.ids('VAL')).toEqual(['c']);
});

it('a label that is missing among labels with a suffix is expected with it', async () => {
  const masks = { 'val/labels/c.png': null, 'val/labels/c_mask.png': gray([0, 1]), 'val/images/d.png': picture() };
  expect(await problemsWith(masks)).toEqual(['val/images/d.png: has no label; expected val/labels/d_mask.png']);
});

it('labels may be in masks/, and images without labels in unlabeled/', async () => {
  const masks = { 'train/labels/a.png': null, 'train/labels/b.png': null, 'train/masks/a.png': gray([0, 1]) };
  const dataset = await changed({ ...masks, 'train/images/b.png': null, 'unlabeled/images/u.png': picture() });
  expect([dataset.ids('TRAIN'), dataset.unlabelledIds]).toEqual([['a'], ['u']]);
});

it('images may be PNG, WebP, TIFF, BMP or JPEG, in any case, with dots and spaces in their names', async () => {
  const { data } = await picture().raw().toBuffer({ resolveWithObject: true });
  const rows = [2, 1, 0].map((y) => [0, 1, 2, 3].flatMap((x) => [2, 1, 0].map((c) => data[(y * 4 + x) * 3 + c]!)));
  const header = Buffer.alloc(54);
  header.write('BM');
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, 4],
    [22, 3],
    [28, 24],
  ] as const)
    header.writeUInt32LE(value, at);
  const bmp = Buffer.concat([header, Buffer.from(rows.flat())]);
  const files: Record<string, Content> = {
    'v.1 x.WEBP': await picture().webp({ lossless: true }).toBuffer(),
    't_jpg.rf.0a1.TIF': await picture().tiff({ compression: 'lzw' }).toBuffer(),
    'u.tiff': await picture().tiff({ compression: 'deflate' }).toBuffer(),
    'b.c.BMP': bmp,
    'p.PNG': picture(),
    'j.JPEG': await picture().jpeg().toBuffer(),
  };
  const images = Object.fromEntries(Object.entries(files).map(([name, file]) => [`train/images/${name}`, file]));
  const dataset = await changed({
    ...images,
    'train/labels/v.1 x.tif': await gray([0, 1]).tiff({ compression: 'lzw' }).toBuffer(),
    'classes.json': json(classes(...BLACK_RED)),
    'train/labels/u.webp': await colours([
      [0, 0, 0],
      [128, 0, 0],
    ])
      .webp({ lossless: true })
      .toBuffer(),
  });
  expect(dataset.ids('TRAIN')).toEqual(['a', 'b', 'u', 'v.1 x']);
  expect(dataset.unlabelledIds).toEqual(['b.c', 'j', 'p', 't_jpg.rf.0a1']);
  for (const id of ['a', 'u', 'v.1 x', 'b.c', 'p', 't_jpg.rf.0a1'])
    expect([id, (await dataset.load('TRAIN', id)).pixels]).toEqual([id, new Uint8Array(data)]);
  for (const id of ['u', 'v.1 x']) expect(await labelsOf(dataset, id)).toEqual([0, 1, 0, 1]);
});
