import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetError } from '../../dataset-error.js';
import { encodePalettePng, encodeRgbPng } from '../../images/png.js';
import { openDataset } from '../../open.js';
import { problemsOf } from '../../testing/problems.js';
import { makeSmallFolder, SMALL_CLASSES, SMALL_IGNORE, smallImage, smallLabels } from '../../testing/small-folder.js';

const openFolder = (name: string, directory: string, opening = {}) =>
  openDataset({ name, kind: 'folder', directory }, opening);

let root: string;

beforeEach(async () => {
  root = await makeSmallFolder();
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const problems = () => problemsOf(openFolder('small', root));
const at = (...path: string[]) => join(root, ...path);

async function editClasses(edit: (file: Record<string, unknown>) => void): Promise<void> {
  const file = JSON.parse(await readFile(at('classes.json'), 'utf8'));
  edit(file);
  await writeFile(at('classes.json'), JSON.stringify(file));
}

describe('openFolder', () => {
  it('opens a valid folder', async () => {
    const dataset = await openFolder('small', root);
    expect(dataset.descriptor).toMatchObject({
      name: 'small',
      kind: 'folder',
      classes: SMALL_CLASSES,
      ignoreIndex: SMALL_IGNORE,
      subsets: { TRAIN: 2, VAL: 2, TEST: 2 },
    });
    expect(dataset.ids('VAL')).toEqual(['a', 'b']);
    const image = await dataset.load('VAL', 'b');
    expect(image).toMatchObject({ id: 'b', width: 6, height: 4 });
    expect([...image.pixels.slice(0, 4)]).toEqual([0, 37, 74, 111]);
    expect([...image.labels.slice(0, 4)]).toEqual([SMALL_IGNORE, 1, 0, 1]);
    await expect(dataset.load('VAL', 'c')).rejects.toThrow('no VAL image "c"');
  });

  describe('returns a fingerprint that', () => {
    const fingerprint = async (directory = root) => (await openFolder('small', directory)).descriptor.fingerprint;

    it('is the same for the same bytes at another path and with other dates', async () => {
      const copy = await mkdtemp(join(tmpdir(), 'crosscheck-copy-'));
      await cp(root, copy, { recursive: true });
      await utimes(join(copy, 'val/images/a.png'), 1, 1);
      expect(await fingerprint(copy)).toBe(await fingerprint());
      await rm(copy, { recursive: true });
    });

    it.each(['images', 'labels'])(
      'changes with any file of %s, and when two files swap their content',
      async (kind) => {
        const before = await fingerprint();
        const pixels = new Uint8Array(6 * 4 * 3).fill(1);
        const other =
          kind === 'images'
            ? await encodeRgbPng(pixels, 6, 4)
            : await encodePalettePng(pixels.slice(0, 24), 6, 4, SMALL_CLASSES, SMALL_IGNORE);
        const original = await readFile(at('val', kind, 'a.png'));
        await writeFile(at('val', kind, 'a.png'), other);
        const changed = await fingerprint();
        await writeFile(at('val', kind, 'a.png'), original);
        expect(await fingerprint()).toBe(before);
        await writeFile(at('val', kind, 'b.png'), other);
        expect(new Set([before, changed, await fingerprint()]).size).toBe(3);
      },
    );
  });

  it('takes training images without a label as unlabelled', async () => {
    await rm(at('train', 'labels', 'b.png'));
    const dataset = await openFolder('small', root);
    expect([dataset.ids('TRAIN'), dataset.unlabelledIds]).toEqual([['a'], ['b']]);
    await rm(at('train', 'labels', 'a.png'));
    expect(await problems()).toEqual([`${at('train', 'labels')}: contains no labels`]);
  });

  it.each(['val', 'test'])('refuses an image without its label in %s', async (subset) => {
    await rm(at(subset, 'labels', 'b.png'));
    const image = at(subset, 'images', 'b.png');
    expect(await problems()).toEqual([`${image}: has no label; expected ${at(subset, 'labels', 'b.png')}`]);
  });

  it('refuses a label without its image', async () => {
    await rm(at('val', 'images', 'a.png'));
    expect(await problems()).toEqual([expect.stringContaining(`${at('val', 'labels', 'a.png')}: has no image`)]);
  });

  it('refuses an invalid label value, and names its position and the allowed values', async () => {
    const labels = new Uint8Array(24);
    labels[6 * 2 + 3] = 7;
    const eight = Array.from({ length: 8 }, (_, i) => ({ ...SMALL_CLASSES[0]!, name: `class ${i}` }));
    await writeFile(at('train', 'labels', 'a.png'), await encodePalettePng(labels, 6, 4, eight, 255));
    expect(await problems()).toEqual([
      `${at('train', 'labels', 'a.png')}: value 7 at x 3, y 2 is not a valid class; allowed: 0 to 1, and 200 to ignore`,
    ]);
  });

  it('refuses images and labels with different sizes', async () => {
    await writeFile(at('test', 'labels', 'a.png'), await smallLabels(5, 4));
    expect(await problems()).toEqual([
      `${at('test', 'labels', 'a.png')}: is 5x4, but its image ${at('test', 'images', 'a.png')} is 6x4`,
    ]);
  });

  it('refuses files that cannot be decoded, and labels in colours that no class has', async () => {
    const image = await smallImage();
    await writeFile(at('train', 'images', 'a.png'), image.subarray(0, image.length - 20));
    await writeFile(at('val', 'images', 'a.png'), 'not an image');
    await writeFile(at('test', 'labels', 'b.png'), await encodeRgbPng(new Uint8Array(72), 6, 4));
    const found = await problems();
    expect(found).toHaveLength(3);
    expect(found[0]).toContain(`${at('train', 'images', 'a.png')}: cannot be decoded`);
    expect(found[1]).toContain(`${at('val', 'images', 'a.png')}: cannot be decoded`);
    expect(found[2]).toContain(`${at('test', 'labels', 'b.png')}: colour (0, 0, 0) at x 0, y 0 is not that of a class`);
  });

  it('reports all problems together, and limits how many the message lists', async () => {
    for (let i = 0; i < 40; i++) await writeFile(at('val', 'images', `lonely-${i}.png`), await smallImage());
    await rm(at('val', 'labels', 'a.png'));
    await writeFile(at('test', 'labels', 'a.png'), 'not a label');
    const error = await openFolder('small', root).catch((thrown: DatasetError) => thrown);
    if (!(error instanceof DatasetError)) throw new Error('expected a DatasetError');
    expect(error.problems).toHaveLength(42);
    expect(error.message).toContain('42 problems');
    expect(error.message).toContain('and 17 more');
  });

  it('refuses missing and empty folders, unknown files and two images with the same stem', async () => {
    await rm(at('test', 'images'), { recursive: true });
    await rm(at('test', 'labels'), { recursive: true });
    await mkdir(at('test', 'images'));
    await mkdir(at('test', 'labels'));
    await writeFile(at('train', 'images', 'notes.txt'), 'hello');
    await writeFile(at('train', 'images', 'b.jpg'), await smallImage());
    for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini']) {
      await writeFile(at('train', 'images', name), 'system files are ignored');
    }
    await mkdir(at('train', 'labels', '@eaDir'));
    expect((await problems()).map((problem) => problem.replace(root, ''))).toEqual([
      expect.stringContaining('/train/images/b.png: has the same stem as'),
      '/train/images/notes.txt: this file type is not allowed here; allowed: .jpg, .jpeg, .png, .bmp, .tif, .tiff, .webp',
      '/test/images: contains no images',
    ]);
  });

  it('reads a grayscale image as RGB', async () => {
    const { default: sharp } = await import('sharp');
    const gray = Uint8Array.from({ length: 24 }, (_, i) => i * 10);
    const raw = { width: 6, height: 4, channels: 1 } as const;
    await sharp(gray, { raw })
      .toColourspace('b-w')
      .png()
      .toFile(at('train', 'images', 'a.png'));
    const { pixels } = await (await openFolder('small', root)).load('TRAIN', 'a');
    expect([...pixels.slice(3, 9)]).toEqual([10, 10, 10, 20, 20, 20]);
  });
});

describe('classes.json', () => {
  it.each([
    ['two classes with the same id', { id: 0 }, 'two classes have the id 0'],
    ['two classes with the same name', { name: 'ground' }, 'two classes are called "ground"'],
    ['an invalid colour', { color: [0, 0, 256] }, 'classes.1.color.2: must be at most 255; got 256'],
    ['a colour of two numbers', { color: [0, 0] }, 'classes.1.color: must have at least 3 entries; got [0,0]'],
    ['a class without a name', { name: undefined }, 'classes.1.name: must be a text; got nothing'],
    ['a fraction as id', { id: 1.5 }, 'classes.1.id: must be a whole number; got 1.5'],
  ])('refuses %s', async (_, change, message) => {
    await editClasses((file) => Object.assign((file.classes as object[])[1]!, change));
    expect((await problems()).join()).toContain(message);
  });

  it.each([
    [{ classes: undefined }, 'classes: must be a list such as [{"name": "background"}, {"name": "road"}]; got nothing'],
    [{ classes: ['a', 'b'] }, 'classes.0: must be an object such as {"name": "road"}; got "a"'],
    [
      { classes: [{ name: 'crack' }] },
      'classes: must list at least two classes; if only one is labelled, all else is a class too, such as {"name": "background"}; got',
    ],
  ])('says what to write instead of %j', async (change, message) => {
    await editClasses((file) => Object.assign(file, change));
    expect((await problems()).join()).toContain(message);
  });

  it('refuses an ignore index that is a class, and a wrong count', async () => {
    await editClasses((file) => Object.assign(file, { ignore_index: 1, num_classes: 3 }));
    expect(await problems()).toEqual([
      'num_classes: is 3, but 2 classes are listed',
      'ignore_index: 1 is the id of a class; choose another value',
    ]);
  });

  it('refuses a file that is missing or not JSON', async () => {
    await writeFile(at('classes.json'), '{');
    expect((await problems())[0]).toContain('is not JSON');
    await rm(at('classes.json'));
    expect(await problems()).toEqual([
      `does not say what the classes are; write ${at('classes.json')} with their names (docs/datasets.md). The labels have the values ` +
        '0, 1, 200, so it could be {"classes": [{"name": "class 0"}, {"name": "class 1"}, {"name": "class 200"}], "values": ' +
        '{"0": "class 0", "1": "class 1", "200": "class 200"}}, with null for a value to ignore',
    ]);
  });

  it('may begin with a byte order mark', async () => {
    await writeFile(at('classes.json'), `\uFEFF${await readFile(at('classes.json'), 'utf8')}`);
    expect((await openFolder('small', root)).descriptor.classes).toEqual(SMALL_CLASSES);
  });

  it('uses 255 as the default ignore index', async () => {
    await editClasses((file) => delete file.ignore_index);
    const found = await problems();
    expect(found).toHaveLength(6);
    expect(found[0]).toContain('value 200 at x 0, y 0 is not a valid class; allowed: 0 to 1, and 255 to ignore');
  });
});
