import { describe, expect, it } from 'vitest';
import { smallDatasets } from '../testing/small-datasets.js';
import { type Content, colours, gray, picture, TWO_CLASSES } from '../testing/small-files.js';

const { open, problemsIn } = smallDatasets();
const problemsWith = (files: Record<string, Content>) => problemsIn(open(files));
const warningsWith = async (files: Record<string, Content>) => (await open(files)).descriptor.warnings;

describe('pairs', () => {
  const PAIRS: Record<string, Content> = {
    ...{ 'classes.json': TWO_CLASSES, 'images/a.png': picture(), 'images/b.png': picture(), 'images/c.png': picture() },
    ...{ 'labels/a.png': gray([0, 1]), 'labels/b.png': gray([1, 0]) },
  };

  it('without lists and subfolders are all for training', async () => {
    const dataset = await open(PAIRS);
    expect([dataset.ids('TRAIN'), dataset.unlabelledIds, dataset.descriptor.kind]).toEqual([
      ['a', 'b'],
      ['c'],
      'pairs',
    ]);
    expect(dataset.descriptor.warnings).toEqual([
      'there are no val and no test images, so runs end without an evaluation',
    ]);
  });

  it('may have labels whose names all end the same, and list them', async () => {
    const files = { 'images/a.png': picture(), 'images/b.png': picture(), 'masks/a_mask.png': gray([0, 1]) };
    const dataset = await open({ ...files, 'classes.json': TWO_CLASSES, 'train.txt': 'images/a.png masks/a_mask.png' });
    expect([dataset.ids('TRAIN'), dataset.unlabelledIds]).toEqual([['a'], ['b']]);
  });

  it('with only val.txt train on the others', async () => {
    const dataset = await open({ ...PAIRS, 'val.txt': 'images/b.png labels/b.png' });
    expect([dataset.ids('TRAIN'), dataset.ids('VAL'), dataset.unlabelledIds]).toEqual([['a'], ['b'], ['c']]);
  });

  it('report what is wrong with lists and folders', async () => {
    const files = { ...PAIRS, 'train.txt': 'a\nb\nz', 'val.txt': 'b\nc', 'masks/a.png': gray([0]) };
    expect(await problemsWith(files)).toEqual([
      expect.stringMatching(/: has both labels\/ and masks\/; keep the one with the labels$/),
      'train.txt line 3: images has no image "z"',
      'train.txt: lists b, which is also in val.txt',
      'images/c.png: has no label; expected labels/c.png',
    ]);
  });
});

describe('other layouts', () => {
  it('one folder too deep are pointed at', async () => {
    const files = { 'unpacked/img_dir/train/a.png': picture(), 'unpacked/ann_dir/train/a.png': gray([0, 1]) };
    expect((await problemsWith(files))[0]).toMatch(
      /; see docs\/datasets\.md for the layouts\. Did you mean unpacked\?$/,
    );
  });

  it('of ADE20K must say whether their classes count from 0', async () => {
    const ade = { 'images/training/a.png': picture(), 'annotations/training/a.png': gray([0, 1, 2]) };
    expect(await problemsWith({ ...ade, 'classes.json': TWO_CLASSES })).toEqual([
      'does not say which values the classes have: in this layout, 0 usually means "no class", and the first class is 1; add ' +
        '"reduce_zero_label": true if that is so, or false if the first class is 0',
    ]);
    expect(await problemsWith(ade)).toEqual([
      'does not say what the classes are; write classes.json with their names (docs/datasets.md). The labels have the values 0, 1, ' +
        '2, so it could be {"classes": [{"name": "class 1"}, {"name": "class 2"}], "reduce_zero_label": true}',
    ]);
    const fromOne = JSON.stringify({ ...JSON.parse(TWO_CLASSES), reduce_zero_label: true });
    const { load } = await open({ ...ade, 'classes.json': fromOne });
    expect([...(await load('TRAIN', 'a')).labels.slice(0, 3)]).toEqual([255, 0, 1]);
    expect(await problemsWith({ ...ade, 'objectInfo150.txt': 'Idx\tName\n1\twall\n3\tsky\n' })).toEqual([
      'line 3: must begin with 2 and a tab; got "3\\tsky"',
    ]);
  });

  it('of Roboflow may list any values, the same in every table', async () => {
    const table = 'Pixel Value, Class\n0, background\n3, rust\n';
    const files = {
      ...{
        'train/a.jpg': await picture().jpeg().toBuffer(),
        'train/a_mask.png': gray([0, 3]),
        'train/_classes.csv': table,
      },
      ...{ 'train/b.jpg': await picture().jpeg().toBuffer(), 'README.roboflow.txt': 'x' },
      ...{
        'valid/c.jpg': await picture().jpeg().toBuffer(),
        'valid/c_mask.png': gray([3]),
        'valid/_classes.csv': table,
      },
    };
    const { ids, unlabelledIds, load } = await open(files);
    expect([ids('TRAIN'), unlabelledIds, ids('VAL')]).toEqual([['a'], ['b'], ['c']]);
    expect([...(await load('VAL', 'c')).labels.slice(0, 2)]).toEqual([1, 1]);
    const rgb = colours([
      [0, 0, 0],
      [128, 0, 0],
    ]);
    expect(await problemsWith({ ...files, 'train/a_mask.png': rgb })).toEqual([
      'train/a_mask.png: is in colour, but the dataset does not list the colours of its classes; write them in classes.json, with ' +
        'your names, such as {"classes": [{"name": "class 0", "color": [0, 0, 0]}, {"name": "class 1", "color": [128, 0, 0]}]}',
    ]);
    const other = table.replace('rust', 'dust');
    expect(await problemsWith({ ...files, 'valid/_classes.csv': other })).toEqual([
      'valid/_classes.csv: lists other classes or values than train/_classes.csv',
    ]);
    expect(await problemsWith({ ...files, 'train/_classes.csv': 'a\n0, b\n' })).toEqual([
      'must begin with "Pixel Value, Class"; got "a"',
    ]);
    expect(await problemsWith({ ...files, 'train/_classes.csv': `${table}3, dent\n256, x\n` })).toEqual([
      'line 5: must be a value from 0 to 254, a comma and a name; got "256, x"',
      'lists the value 3 twice',
    ]);
  });

  it('of MFNet may list mirrored pictures that were not made', async () => {
    const heat = await gray([0, 9]).raw().toBuffer();
    const raw = { width: 4, height: 3, channels: 1 } as const;
    const four = await picture().joinChannel(heat, { raw }).png().toBuffer();
    const files = {
      ...{ 'images/00001D.png': four, 'images/00002N.png': four, 'labels/00001D.png': gray([0, 8]) },
      ...{ 'labels/00002N.png': gray([0, 1]), 'train.txt': '00001D\n00001D_flip\n', 'val.txt': '00002N\n' },
    };
    const warnings = await warningsWith(files);
    expect(warnings[0]).toBe(
      'train.txt: entries without files are left out (1, such as 00001D_flip): they are mirrored copies, which training does not ' +
        'need, since it mirrors pictures itself',
    );
    expect(await problemsWith({ ...files, 'val.txt': '00002N\n00003N\n' })).toEqual([
      'val.txt line 2: images has no image "00003N"',
    ]);
  });

  it('of hundreds of classes name only some that are missing', async () => {
    const coco = { 'images/train2017/a.png': picture(), 'annotations/train2017/a.png': gray([0, 181, 255]) };
    const [missing] = await warningsWith(coco);
    expect(missing).toMatch(/^no training label has a pixel of bicycle, car, .*, hat and 155 more: a network cannot/);
    expect(missing!.length).toBeLessThan(400);
  });

  it('of PST900 may be read with the thermal images alone, or the colours alone', async () => {
    const files = {
      ...{ 'train/rgb/a.png': picture(), 'train/thermal/a.png': gray([5, 9]), 'train/labels/a.png': gray([0, 1]) },
    };
    for (const channels of [1, 3] as const) {
      const classes = JSON.stringify({ ...JSON.parse(TWO_CLASSES), channels });
      const { descriptor, load } = await open({ ...files, 'classes.json': classes });
      expect(descriptor).toMatchObject({ kind: 'pst900', channels });
      expect([...(await load('TRAIN', 'a')).pixels.slice(0, 2)]).toEqual(channels === 1 ? [5, 9] : [0, 21]);
    }
  });

  it('without labels of test leave test out, and say so', async () => {
    const files = {
      ...{ 'classes.json': TWO_CLASSES, 'img_dir/train/a.png': picture(), 'ann_dir/train/a.png': gray([0, 1]) },
      ...{ 'img_dir/val/a.png': picture(), 'ann_dir/val/a.png': gray([0, 1]), 'img_dir/test/t.png': picture() },
    };
    expect(await warningsWith(files)).toEqual([
      'img_dir/test is not used, because there are no labels in ann_dir/test',
    ]);
  });
});
