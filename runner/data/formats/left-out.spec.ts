import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../testing/problems.js';
import { type Content, gray, openDetected, picture, smallFiles, TWO_CLASSES, written } from '../testing/small-files.js';
import { writtenDatasets } from '../testing/written-datasets.js';

const { open, problemsWith, warningsWith } = writtenDatasets();

type Files = Record<string, Content>;

const CLASSES: Files = { 'classes.json': TWO_CLASSES };
/** An image with its label in each of these places. */
function pairsIn(images: string, labels: string, ids: string): Files {
  return Object.fromEntries(
    [...ids].flatMap((id) => [
      [`${images}/${id}.png`, picture()],
      [`${labels}/${id}.png`, gray([0, 1])],
    ]),
  );
}
const NO_EVALUATION = 'there are no val and no test images, so runs end without an evaluation';

describe('own data in the layout of VOC', () => {
  const list = (name: string) => `ImageSets/Segmentation/${name}.txt`;
  const voc = (ids: string): Files => ({
    'class_names.txt': '_background_\nrust\n',
    ...pairsIn('JPEGImages', 'SegmentationClass', ids),
  });

  it('may be partly labelled, also in train.txt', async () => {
    const files = { ...voc('ac'), 'JPEGImages/b.png': picture(), [list('train')]: 'a\nb', [list('val')]: 'c' };
    const dataset = await open(files);
    expect([dataset.ids('TRAIN'), dataset.ids('VAL'), dataset.unlabelledIds]).toEqual([['a'], ['c'], ['b']]);
  });

  it('with only some lists trains on the images that are in none of them', async () => {
    for (const name of ['val', 'test']) {
      const dataset = await open({ ...voc('abc'), [list(name)]: 'c', [list('trainval')]: 'a\nb' });
      expect([dataset.ids('TRAIN'), dataset.ids(name === 'val' ? 'VAL' : 'TEST')]).toEqual([['a', 'b'], ['c']]);
    }
    const { 'class_names.txt': _, ...pascal } = voc('c');
    expect(await problemsWith({ ...pascal, [list('val')]: 'c' })).toEqual([
      `${list('train')}: cannot be read: there is no such file; see docs/datasets.md`,
    ]);
  });

  it('of CVAT trains on default.txt too', async () => {
    const dataset = await open({
      ...{ ...voc('abcd'), [list('Train')]: 'c', [list('Validation')]: 'd', [list('default')]: 'a\nb' },
    });
    expect([dataset.ids('TRAIN'), dataset.ids('VAL')]).toEqual([['c', 'a', 'b'], ['d']]);
    expect(dataset.descriptor.warnings).toEqual([]);
  });

  it('must have labels, as files that can hold them, each with its image', async () => {
    const { 'SegmentationClass/b.png': _, ...rest } = voc('ab');
    const jpeg = await picture().jpeg().toBuffer();
    const wrong = { 'SegmentationClass/b.jpg': jpeg, 'SegmentationClass/a.npy': 'x', 'SegmentationClass/c.gif': 'x' };
    expect(await problemsWith({ ...rest, ...wrong, 'SegmentationClass/d.png': gray([0]) })).toEqual([
      'SegmentationClass/b.jpg: JPEG changes values, so it cannot hold a label; save labels as PNG',
      'SegmentationClass/c.gif: this file type is not allowed here; allowed: .png, .bmp, .tif, .tiff, .webp',
      'SegmentationClass/d.png: has no image; expected JPEGImages/d with the extension .jpg, .jpeg, .png, .bmp, .tif, .tiff or .webp',
    ]);
    const { 'SegmentationClass/a.png': __, ...none } = voc('a');
    expect(await problemsWith({ ...none, 'SegmentationClass/.keep': '' })).toEqual([
      'SegmentationClass: contains no labels',
    ]);
  });

  it('may list its classes beside VOC2012 or in it, but not in both', async () => {
    const within = Object.fromEntries(
      Object.entries(pairsIn('JPEGImages', 'SegmentationClass', 'a')).map(([path, file]) => [`VOC2012/${path}`, file]),
    );
    expect((await open({ ...within, ...CLASSES })).descriptor.classes.map(({ name }) => name)).toEqual([
      'ground',
      'rust',
    ]);
    expect(await problemsWith({ ...within, ...CLASSES, 'VOC2012/classes.json': TWO_CLASSES })).toEqual([
      'has lists of classes both beside VOC2012 and in it; keep one of them',
    ]);
  });

  it('has labels in SegmentationClassPNG, which is not of PASCAL', async () => {
    const { 'class_names.txt': _, ...pascal } = voc('a');
    const other = { 'SegmentationClassPNG/a.png': gray([1]), [list('train')]: 'a' };
    const label = async (files: Files) => (await (await open(files)).load('TRAIN', 'a')).labels[0];
    expect([await label({ ...pascal, ...other }), await label({ ...voc('a'), ...other })]).toEqual([0, 1]);
  });
});

describe('images that are not used', () => {
  it('are counted if they are labelled and in no list', async () => {
    const files = { ...CLASSES, ...pairsIn('images', 'masks', 'abcd'), 'train.txt': 'a', 'val.txt': 'b' };
    expect(await warningsWith(files)).toEqual([
      '2 labelled images are in no list and not used (such as c); to train on them, add them to train.txt',
    ]);
    expect(await warningsWith({ ...files, 'test.txt': 'd' })).toEqual([
      '1 labelled image is in no list and not used (c); to train on it, add it to train.txt',
    ]);
  });

  it('are named if they are beside the folders of subsets', async () => {
    const tree = {
      ...CLASSES,
      ...pairsIn('images/train', 'masks/train', 'a'),
      ...pairsIn('images/val', 'masks/val', 'b'),
    };
    const stray = { ...pairsIn('images/extra', 'masks/extra', 'd'), ...pairsIn('images', 'masks', 'c') };
    expect(await warningsWith({ ...tree, ...stray, 'images/notes.txt': 'x' })).toEqual([
      'only the folders of subsets and unlabelled/ are read, so these are not: images/c.png, images/extra, masks/c.png, masks/extra',
    ]);
  });

  it('are reported if they are in unlabelled/, but the layout does not read it', async () => {
    const pst900 = { ...pairsIn('train/rgb', 'train/labels', 'a'), 'train/thermal/a.png': gray([5, 9]) };
    expect(await warningsWith({ ...CLASSES, ...pst900, 'unlabelled/rgb/u.png': picture() })).toEqual([
      'no image in unlabelled/ is used',
      NO_EVALUATION,
    ]);
  });

  it('cannot be all', async () => {
    const files = { ...CLASSES, ...pairsIn('images', 'masks', 'b'), 'images/a.png': picture(), 'train.txt': 'a' };
    expect(await problemsWith({ ...files, 'val.txt': 'b' })).toEqual([
      expect.stringMatching(/: no training image has a label, so nothing can be learned$/),
    ]);
  });
});

it.each<[string, Files]>([
  ['pairs', { ...pairsIn('images', 'masks', 'a'), 'unlabeled/u.png': picture() }],
  ['trees', { ...pairsIn('img_dir/train', 'ann_dir/train', 'a'), 'img_dir/unlabelled/u.png': picture() }],
  [
    'own data in the layout of VOC',
    { ...pairsIn('JPEGImages', 'SegmentationClass', 'a'), 'unlabelled/u.png': picture() },
  ],
  [
    'Roboflow',
    {
      ...{ 'train/_classes.csv': 'Pixel Value, Class\n0, ground\n1, rust\n', 'train/a.png': picture() },
      ...{ 'train/a_mask.png': gray([0, 1]), 'unlabeled/images/u.png': picture() },
    },
  ],
])('unlabelled/ is read beside %s', async (_, files) => {
  const dataset = await open({ ...CLASSES, ...files });
  expect([dataset.ids('TRAIN'), dataset.unlabelledIds]).toEqual([['a'], ['u']]);
  expect(dataset.descriptor.warnings).toEqual([NO_EVALUATION]);
  const taken = Object.fromEntries(
    Object.entries(files).map(([path, file]) => [path.replace(/\bu\.png/, 'a.png'), file]),
  );
  expect(await problemsWith({ ...CLASSES, ...taken })).toEqual([
    expect.stringContaining('a.png: has the same stem as '),
  ]);
});

it.each([
  ['image', 'mask'],
  ['img_dir', 'ann_dir'],
])('%s/ and %s/ without subsets are read as pairs', async (images, labels) => {
  const { descriptor, ids } = await open({ ...CLASSES, ...pairsIn(images, labels, 'ab') });
  expect([descriptor.kind, ids('TRAIN')]).toEqual(['pairs', ['a', 'b']]);
});

describe('of two candidates, none is taken', () => {
  it('for the images', async () => {
    const files = { ...CLASSES, ...pairsIn('images', 'labels', 'a') };
    expect(await problemsWith({ ...files, ...pairsIn('image', 'mask', 'b') })).toEqual([
      expect.stringMatching(/: has both images\/ and image\/; keep the one with the images$/),
      expect.stringMatching(/: has both labels\/ and mask\/; keep the one with the labels$/),
    ]);
    expect((await problemsWith({ ...files, ...pairsIn('image/train', 'mask/train', 'b') }))[0]).toMatch(/ambiguous/);
  });

  it('for the labels', async () => {
    expect(await problemsWith({ ...smallFiles(), 'train/masks/a.png': gray([1, 0]) })).toEqual([
      'train: has both labels/ and masks/; keep the one with the labels',
    ]);
  });

  it('for a list', async () => {
    const lists = { 'train.txt': 'a', 'training.txt': 'b', 'val.txt': 'c', 'Valid.txt': 'd' };
    const problems = await problemsWith({ ...CLASSES, ...pairsIn('images', 'masks', 'abcd'), ...lists });
    expect(problems.map((problem) => problem.replace(/^.*: /, ''))).toEqual([
      'has both train.txt and training.txt; keep one of them',
      'has both Valid.txt and val.txt; keep one of them',
    ]);
  });
});

it('names that nearly fit are named', async () => {
  const images = { 'images/a.png': picture(), 'images/IMG_1.png': picture(), 'images/photo_7.png': picture() };
  const masks = { 'masks/a.jpg.png': gray([0]), 'masks/img_1.png': gray([0]), 'masks/scan_7.png': gray([0]) };
  const problems = await problemsWith({ ...CLASSES, ...images, ...masks, 'masks/z.png': gray([0]) });
  expect(problems.map((problem) => problem.match(/^[^:]*|(?<=webp).*/g))).toEqual([
    ['masks/a.jpg.png', '; if it belongs to images/a.png, rename one of them'],
    ['masks/img_1.png', '; if it belongs to images/IMG_1.png, rename one of them'],
    ['masks/scan_7.png', '; if it belongs to images/photo_7.png, rename one of them'],
    ['masks/z.png', ''],
  ]);
});

it('a file in the place of a folder, and a link in a circle, are called so', async () => {
  const files = { ...CLASSES, images: 'x', 'labels/a.png': gray([0, 1]), 'train.txt': 'a' };
  expect((await problemsWith(files))[0]).toBe(
    'images: is a file, but must be a folder; see docs/datasets.md for the layout',
  );
  const folder = await written(smallFiles());
  await symlink('.', join(folder, 'train/images/loop'));
  expect(await problemsOf(openDetected(folder))).toEqual([
    `${join(folder, 'train/images/loop')}: is a link to a folder that contains it; remove it`,
  ]);
  await rm(folder, { recursive: true });
});

it('class_names.txt does not say that ADE20K counts from 0', async () => {
  const files = { ...pairsIn('images/training', 'annotations/training', 'a'), 'class_names.txt': 'wall\nfloor\n' };
  expect(await problemsWith(files)).toEqual([
    'is missing, and class_names.txt does not say, which values the classes have: in this layout, 0 usually means "no class", ' +
      'and the first class is 1; add "reduce_zero_label": true if that is so, or false if the first class is 0',
  ]);
});
