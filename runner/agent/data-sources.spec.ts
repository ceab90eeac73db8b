import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { datasetFacts } from '../../schema/dataset-facts.js';
import { UserError } from '../../schema/exit-codes.js';
import { encodePalettePng } from '../data/images/png.js';
import { makeSmallFolder, SMALL_CLASSES, SMALL_IGNORE } from '../data/testing/small-folder.js';
import { describeDatasets, parseDataOptions } from './data-sources.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-data-'));
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'classes.json'), '{}');
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a dataset is named after its folder unless the option names it, and the built-in ones are always included', () => {
  expect(parseDataOptions([join(folder, 'one'), `roads=${join(folder, 'two')}`])).toEqual([
    { name: 'shapes', kind: 'shapes', directory: null },
    { name: 'shapes_longtail', kind: 'shapes_longtail', directory: null },
    { name: 'one', kind: 'folder', directory: join(folder, 'one') },
    { name: 'roads', kind: 'folder', directory: join(folder, 'two') },
  ]);
});

test('names may be in any script, and are composed as people type them', () => {
  const road = '도로';
  mkdirSync(join(folder, road.normalize('NFD')));
  writeFileSync(join(folder, road.normalize('NFD'), 'classes.json'), '{}');
  const names = (...options: string[]) => parseDataOptions(options).map(({ name }) => name);
  expect(names(join(folder, road.normalize('NFD')))).toEqual(['shapes', 'shapes_longtail', road]);
  expect(names(`folder:${road}-2.a=${join(folder, 'one')}`)).toEqual(['shapes', 'shapes_longtail', `${road}-2.a`]);
});

test('the kind comes from the layout or from the option', () => {
  for (const path of ['devkit/VOC2012/JPEGImages', 'voc/JPEGImages', 'city/leftImg8bit']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  const kinds = (...options: string[]) => parseDataOptions(options).map(({ name, kind }) => `${name} ${kind}`);
  expect(kinds(join(folder, 'devkit'), join(folder, 'voc'), `roads=${join(folder, 'city')}`)).toEqual([
    'shapes shapes',
    'shapes_longtail shapes_longtail',
    'devkit voc',
    'voc voc',
    'roads cityscapes',
  ]);
  const asked = [`voc:${join(folder, 'one')}`, `cityscapes:roads=${join(folder, 'two')}`];
  expect(kinds(...asked, `cityscapes_extra:${join(folder, 'city')}`).slice(2)).toEqual([
    'one voc',
    'roads cityscapes',
    'city cityscapes_extra',
  ]);
});

test('a folder that matches no layout, or two, is refused, and the message lists the layouts', () => {
  mkdirSync(join(folder, 'three'));
  for (const mark of ['leftImg8bit', 'JPEGImages']) mkdirSync(join(folder, 'two', mark));
  const options = ['three', 'two', 'four'].map((name) => join(folder, name));
  expect(() => parseDataOptions(options)).toThrow(
    [
      `--data ${options[0]}: ${options[0]}: has none of train/images (folder), JPEGImages (voc), leftImg8bit (cityscapes), leftImg8bit/train_extra (cityscapes_extra), train/_classes.csv (roboflow), img_dir/train with ann_dir (mmsegmentation), images/training or images/validation with annotations (ade), images, labels and train.txt with names like 00001D (mfnet), train/rgb and train/labels (pst900), image/train with mask (ftnet), images/train2017 or images/val2017 with annotations (coco_stuff), images with labels or masks or annotations (pairs); see docs/datasets.md for the layouts`,
      `--data ${options[1]}: ${options[1]}: has JPEGImages (voc) and leftImg8bit (cityscapes), so its kind is ambiguous; name one of them before the folder: voc:${options[1]}`,
      `--data ${options[2]}: ${options[2]} is not a folder`,
    ].join('\n'),
  );
});

test('a path that is not a folder and a duplicate name are refused', () => {
  expect(() => parseDataOptions([join(folder, 'three')])).toThrow(/three is not a folder/);
  writeFileSync(join(folder, 'file'), '');
  expect(() => parseDataOptions([join(folder, 'file')])).toThrow(UserError);
  expect(() => parseDataOptions([join(folder, 'one'), `one=${join(folder, 'two')}`])).toThrow(
    /two datasets are called "one"/,
  );
});

test('a name that no option may have is called that', () => {
  expect(() => parseDataOptions([`my roads=${join(folder, 'one')}`])).toThrow(
    'is not a folder; a name before "=" may have letters, digits, "_", "." and "-", but no spaces',
  );
});

test('the built-in datasets are announced with their classes', async () => {
  const announced = await describeDatasets(parseDataOptions([]), null, () => {});
  expect(announced).toMatchObject(
    ['shapes', 'shapes_longtail'].map((name) => ({
      name,
      kind: name,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    })),
  );
  for (const { classes } of announced) {
    for (const { color } of classes as { color: string }[]) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  }
});

test('a dataset of files is announced with what it holds and what looks wrong, which is also printed', async () => {
  const directory = await makeSmallFolder();
  const all = Buffer.from(
    await encodePalettePng(new Uint8Array(24).fill(SMALL_IGNORE), 6, 4, SMALL_CLASSES, SMALL_IGNORE),
  );
  writeFileSync(join(directory, 'train/labels/a.png'), all);
  const printed: string[] = [];
  const source = { name: 'small', kind: 'folder', directory };
  const [announced] = await describeDatasets([source], null, (line) => printed.push(line));
  expect(announced!.warnings).toContain('1 training label without a pixel of any class: a');
  expect(printed).toEqual((announced!.warnings as string[]).map((warning) => `warning: dataset "small": ${warning}`));
  // The server accepts it.
  const facts = datasetFacts.parse(announced!.facts);
  expect(facts.parts.map(({ part, images }) => [part, images])).toEqual([
    ['TRAIN', 2],
    ['VAL', 2],
    ['TEST', 2],
  ]);
  const sizes = [{ width: 6, height: 4, images: 2 }];
  expect(facts.parts[0]).toMatchObject({ sizes, bits: [8], ignoredPixels: 24 + 1 });
  expect(facts.parts[0]!.classes.map(({ pixels, images }) => [pixels, images])).toEqual([
    [11, 1],
    [12, 1],
  ]);
  expect(facts.splits.map(({ labelledImages }) => labelledImages)).toEqual([1, 1, 1, 1]);
  // All have the same picture.
  expect(facts.duplicates.groups).toBeGreaterThan(0);
});

test('the problems of several folders are reported together', async () => {
  const sources = parseDataOptions([join(folder, 'one'), join(folder, 'two')]);
  const error = await describeDatasets(sources, null, () => {}).catch((caught: Error) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(/"one" cannot be used(.|\n)*"two" cannot be used/);
});
