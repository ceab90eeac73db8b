import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenDataset } from './dataset.js';
import { detectKind } from './formats/layouts.js';
import { openDataset } from './open.js';
import { problemsOf } from './testing/problems.js';
import { CASES, hasShared } from './testing/shared-data.js';

/** What a case that can be used gives. Every label is a rectangle of 576 pixels on a picture of 48x48. */
interface Outcome {
  kind: 'folder' | 'voc';
  ids: { TRAIN: string[]; VAL: string[]; TEST: string[] };
  classes: string[];
  /** Of the first training image: its first three values, and the classes outside and inside the rectangle. */
  first: { pixels: number[]; ground: number; rectangle: number };
  unlabelled?: string[];
  /** Each contains one of these, in order. */
  warnings: string[];
}

const numbered = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);
const FOLDER_IDS = { TRAIN: numbered('train', 0, 3), VAL: numbered('val', 0, 1), TEST: numbered('test', 0, 1) };
const VOC_IDS = {
  TRAIN: ['2007_000000', '2007_000002', '2007_000004'],
  VAL: ['2007_000001', '2007_000003', '2007_000005'],
  TEST: [],
};
const TWO = ['class0', 'class1'];
const PASCAL_WARNING = 'the classes are taken to be the 21 of PASCAL VOC (1 is aeroplane), but ';
const MOST_MISSING = 'no training label has a pixel of aeroplane, bicycle, boat';
const ONE_RECTANGLE = { ground: 0, rectangle: 1 };
const VOC_BIRD = { ground: 0, rectangle: 3 };
const FOLDER = { kind: 'folder' as const, ids: FOLDER_IDS, classes: TWO, warnings: [] };

const READ: Record<string, Outcome> = {
  'classes-missing-train': {
    ...FOLDER,
    classes: [...TWO, 'class2'],
    first: { pixels: [20, 27, 20], ...ONE_RECTANGLE },
    warnings: ['no training label has a pixel of class2'],
  },
  'cvat-seg-mask': {
    kind: 'voc',
    ids: { TRAIN: numbered('2007_00000', 0, 5), VAL: [], TEST: [] },
    classes: ['background', 'dog'],
    first: { pixels: [11, 10, 24], ...ONE_RECTANGLE },
    warnings: ['there are no val and no test images, so runs end without an evaluation'],
  },
  'exif-180': {
    ...FOLDER,
    first: { pixels: [24, 23, 28], ...ONE_RECTANGLE },
    warnings: [
      '8 images with an EXIF orientation tag (3 in train0), which is not applied unless data.applyOrientation',
    ],
  },
  'labelme-voc': {
    ...{ kind: 'voc', ids: VOC_IDS, classes: ['_background_', 'scratch', 'dent', 'rust'] },
    first: { pixels: [57, 39, 51], ...VOC_BIRD },
    warnings: ['no training label has a pixel of scratch, dent'],
  },
  'mask-palette-reindexed': {
    ...FOLDER,
    classes: ['background', 'cat'],
    first: { pixels: [11, 28, 22], ground: 1, rectangle: 0 },
    warnings: [
      `8 labels whose palette contradicts the classes: in train/labels/train0.png, ` +
        'value 0 is read as "background", but has the colour of "cat"',
    ],
  },
  'mask-rgb': { ...FOLDER, first: { pixels: [14, 18, 17], ...ONE_RECTANGLE } },
  'names-nfd': {
    ...FOLDER,
    ids: { TRAIN: numbered('도로', 0, 3), VAL: numbered('도로', 4, 5), TEST: numbered('도로', 6, 7) },
    first: { pixels: [48, 48, 46], ...ONE_RECTANGLE },
  },
  'nested-folders': {
    ...FOLDER,
    ids: { TRAIN: numbered('seq1/train', 0, 3), VAL: numbered('seq1/val', 0, 1), TEST: numbered('seq1/test', 0, 1) },
    first: { pixels: [34, 43, 48], ...ONE_RECTANGLE },
  },
  'no-test': {
    ...FOLDER,
    ids: { ...FOLDER_IDS, TEST: [] },
    first: { pixels: [50, 54, 27], ...ONE_RECTANGLE },
  },
  'unlabelled-only-some': {
    ...FOLDER,
    ids: { ...FOLDER_IDS, TRAIN: numbered('train', 0, 2) },
    first: { pixels: [27, 27, 39], ...ONE_RECTANGLE },
    unlabelled: numbered('train', 3, 5),
  },
  'voc-dots': {
    kind: 'voc',
    ids: {
      TRAIN: [0, 2, 4].map((each) => `IMG_${each}_jpg.rf.0a${each}`),
      VAL: [1, 3, 5].map((each) => `IMG_${each}_jpg.rf.0a${each}`),
      TEST: [],
    },
    classes: ['background', 'aeroplane'],
    first: { pixels: [53, 39, 38], ...VOC_BIRD },
    warnings: [PASCAL_WARNING, MOST_MISSING],
  },
  'voc-onlyone-list': {
    ...{ kind: 'voc', ids: { ...VOC_IDS, VAL: [] }, classes: ['background', 'aeroplane'] },
    first: { pixels: [20, 29, 26], ...VOC_BIRD },
    warnings: [MOST_MISSING, 'there are no val and no test images, so runs end without an evaluation'],
  },
  'voc-png-images': {
    ...{ kind: 'voc', ids: VOC_IDS, classes: ['background', 'aeroplane'] },
    first: { pixels: [31, 50, 30], ...VOC_BIRD },
    warnings: [PASCAL_WARNING, MOST_MISSING],
  },
  'voc-utf16': {
    ...{ kind: 'voc', ids: VOC_IDS, classes: ['background', 'aeroplane'] },
    first: { pixels: [46, 47, 41], ...VOC_BIRD },
    warnings: [MOST_MISSING],
  },
  'voc-with-classes-json': {
    ...{ kind: 'voc', ids: VOC_IDS, classes: [...TWO, 'class2', 'class3'] },
    first: { pixels: [18, 22, 23], ...VOC_BIRD },
    warnings: ['no training label has a pixel of class1, class2'],
  },
};

const NOTHING_LEARNED = 'and ignored pixels, so nothing can be learned; their values are';

const REFUSED: Record<string, string> = {
  'all-ignored': 'no pixel of the 4 training labels has a class: all are ignored',
  'ignore-zero':
    `the training labels hold only "a" ${NOTHING_LEARNED} 0 and 1: if 0 means "b", say so in classes.json: ` +
    '"values": {"0": "b", "1": "a"}',
  'jpeg-truncated':
    `${join(CASES, 'jpeg-truncated/train/images/train1.jpg')}: cannot be decoded: the file is damaged or cut off; ` +
    'copy it again from where it came',
  'mask-0-255':
    `the training labels hold only "class0" ${NOTHING_LEARNED} 0 and 255: if 255 means "class1", say so in classes.json: ` +
    '"values": {"0": "class0", "255": "class1"}',
};

function openCase(name: string): Promise<OpenDataset> {
  const directory = join(CASES, name);
  return openDataset({ name, kind: detectKind(directory), directory });
}

describe.skipIf(!hasShared(CASES))('the reported cases', () => {
  it.each(Object.entries(READ))(
    '%s is read',
    async (name, { kind, ids, classes, first, unlabelled = [], warnings }) => {
      const dataset = await openCase(name);
      const { descriptor } = dataset;
      expect(descriptor.kind).toBe(kind);
      const found = { TRAIN: dataset.ids('TRAIN'), VAL: dataset.ids('VAL'), TEST: dataset.ids('TEST') };
      expect(found).toEqual(ids);
      expect(dataset.unlabelledIds).toEqual(unlabelled);
      expect(descriptor.classes.map((each) => each.name)).toEqual(expect.arrayContaining(classes));
      expect(descriptor.warnings).toEqual(warnings.map((warning) => expect.stringContaining(warning)));
      const { labels, pixels, width, height } = await dataset.load('TRAIN', ids.TRAIN[0]!);
      expect([width, height, ...pixels.slice(0, 3)]).toEqual([48, 48, ...first.pixels]);
      const counts = { [first.ground]: 0, [first.rectangle]: 0 };
      for (const label of labels) counts[label]!++;
      expect(counts).toEqual({ [first.ground]: 48 * 48 - 576, [first.rectangle]: 576 });
      expect(labels.indexOf(first.rectangle)).toBe(12 * 48 + 12);
    },
  );

  it.each(Object.entries(REFUSED))('%s is refused', async (name, problem) => {
    expect(await problemsOf(openCase(name))).toEqual([problem]);
  });

  it('are all tested', () => {
    const tested = [...Object.keys(READ), ...Object.keys(REFUSED)].sort();
    const cases = readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'README')));
    expect(tested).toEqual(cases.sort());
  });
});
