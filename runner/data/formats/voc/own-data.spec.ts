import { describe, expect, it } from 'vitest';
import { smallDatasets } from '../../testing/small-datasets.js';
import { type Content, colours, gray, picture } from '../../testing/small-files.js';

const { open, problemsIn } = smallDatasets();
const problemsWith = (files: Record<string, Content>) => problemsIn(open(files));

const list = (name: string) => `ImageSets/Segmentation/${name}.txt`;

/** Own data in VOC's layout, with the images `a b.1`, `c` and `d`. */
const VOC: Record<string, Content> = {
  ...{ 'JPEGImages/a b.1.png': picture(), 'JPEGImages/c.png': picture(), 'JPEGImages/d.png': picture() },
  ...{ 'SegmentationClass/a b.1.png': gray([0, 1, 255]), 'SegmentationClass/c.png': gray([1, 0]) },
  [list('train')]: 'a b.1',
  [list('val')]: 'c',
};
const NAMES = { 'class_names.txt': '__ignore__\r\n_background_\r\nrust\r\n' };

describe('lists', () => {
  it('may have Windows paths, CRLF, commas, comments, a byte order mark, and labels after the images', async () => {
    const dataset = await open({
      ...{ ...VOC, ...NAMES },
      [list('train')]: '\uFEFF# made on another machine\r\n\r\nD:\\data\\JPEGImages\\a b.1.png\r\n',
      [list('val')]: 'D:\\data\\JPEGImages\\c.jpg,D:\\data\\SegmentationClass\\c.png\r\n',
    });
    expect([dataset.ids('TRAIN'), dataset.ids('VAL'), dataset.unlabelledIds]).toEqual([['a b.1'], ['c'], ['d']]);
  });

  it('may be in UTF-16 without a mark, but not binary', async () => {
    const utf16 = Buffer.from('a b.1\r\n', 'utf16le');
    const files = { ...VOC, ...NAMES };
    expect((await open({ ...files, [list('train')]: utf16 })).ids('TRAIN')).toEqual(['a b.1']);
    expect((await open({ ...files, [list('train')]: Buffer.from(utf16).swap16() })).ids('TRAIN')).toEqual(['a b.1']);
    const problems = await problemsWith({ ...files, [list('train')]: 'a\0b\0\0' });
    expect(problems).toEqual([
      `${list('train')}: cannot be read: it has zero bytes, so it is not a text file; save it as UTF-8`,
    ]);
  });

  it('may be called as CVAT calls them', async () => {
    const files: Record<string, Content> = { ...VOC, ...NAMES };
    const { [list('train')]: train, [list('val')]: val, ...rest } = files;
    const dataset = await open({ ...rest, [list('Train')]: train!, [list('Validation')]: val! });
    expect([dataset.ids('TRAIN'), dataset.ids('VAL')]).toEqual([['a b.1'], ['c']]);
  });

  it('that name unknown images or one image twice are refused', async () => {
    const files = { ...VOC, ...NAMES, [list('train')]: 'a b.1\nz\nc\n' };
    expect(await problemsWith(files)).toEqual([
      `${list('train')} line 2: JPEGImages has no image "z"`,
      `${list('train')}: lists c, which is also in ${list('val')}`,
    ]);
  });
});

describe('lists of classes', () => {
  it('of Labelme skip __ignore__, whose value is 255', async () => {
    const dataset = await open({ ...VOC, ...NAMES });
    expect(dataset.descriptor).toMatchObject({
      ignoreIndex: 255,
      classes: [{ name: '_background_' }, { name: 'rust' }],
    });
    expect([...(await dataset.load('TRAIN', 'a b.1')).labels.slice(0, 3)]).toEqual([0, 1, 255]);
    expect(dataset.descriptor.warnings).toEqual([]);
  });

  it('come with labels in SegmentationClassPNG if SegmentationClass has NumPy files', async () => {
    const files: Record<string, Content> = { ...VOC, ...NAMES };
    const { 'SegmentationClass/a b.1.png': a, 'SegmentationClass/c.png': c, ...rest } = files;
    const png = { 'SegmentationClassPNG/a b.1.png': a!, 'SegmentationClassPNG/c.png': c! };
    const dataset = await open({ ...rest, ...png, 'SegmentationClass/c.npy': 'x', 'SegmentationClass/a b.1.npy': 'x' });
    expect([dataset.ids('TRAIN'), dataset.ids('VAL')]).toEqual([['a b.1'], ['c']]);
  });

  it('of CVAT may have comments and blank lines, and name what is wrong', async () => {
    const coloured = colours([
      [0, 0, 0],
      [250, 50, 83],
    ]);
    const files: Record<string, Content> = {
      ...VOC,
      'SegmentationClass/a b.1.png': coloured,
      'SegmentationClass/c.png': coloured,
    };
    const map = '# label:color_rgb:parts:actions\r\n\r\nbackground:0,0,0::\r\n# mine\r\nrusty part:250,50,83::\r\n';
    const { descriptor, load } = await open({ ...files, 'labelmap.txt': map });
    expect(descriptor.classes.map(({ name }) => name)).toEqual(['background', 'rusty part']);
    expect([...(await load('TRAIN', 'a b.1')).labels.slice(0, 3)]).toEqual([0, 1, 0]);
    expect(await problemsWith({ ...files, 'labelmap.txt': map.replace('250', '251') })).toEqual(
      ['a b.1', 'c'].map(
        (id) =>
          `SegmentationClass/${id}.png: colour (250, 50, 83) at x 1, y 0 is not that of a class; labels in colour must have exactly ` +
          'the colours of labelmap.txt, without blurred edges',
      ),
    );
    expect(await problemsWith({ ...files, 'labelmap.txt': 'a:0,0,0::\nb:300,0,0::\nc\n' })).toEqual([
      'line 2: must be NAME:RED,GREEN,BLUE, each colour from 0 to 255; got "b:300,0,0::"',
      'line 3: must be NAME:RED,GREEN,BLUE, each colour from 0 to 255; got "c"',
    ]);
    expect(await problemsWith({ ...files, 'labelmap.txt': 'a:1,2,3::\nb:1,2,3::\n' })).toEqual([
      'gives two classes the same colour',
    ]);
  });

  it.each<[string, Content, string]>([
    [
      'values',
      gray([0, 1, 2, 255]),
      'The labels have the values 0, 1, 2, 255, so it could be {"classes": [{"id": 0, "name": "class 0"}, {"id": 1, "name": ' +
        '"class 1"}, {"id": 2, "name": "class 2"}], "ignore_index": 255}',
    ],
    [
      'masks of 0 and 255',
      gray([0, 255]),
      'The labels have the values 0, 255, so it could be {"classes": [{"name": "background"}, {"name": "foreground"}], "values": ' +
        '{"0": "background", "255": "foreground"}}',
    ],
    [
      'other values',
      gray([7, 120]),
      'The labels have the values 7, 120, so it could be {"classes": [{"name": "class 7"}, {"name": "class 120"}], "values": ' +
        '{"7": "class 7", "120": "class 120"}}, with null for a value to ignore',
    ],
    [
      'colours',
      colours([
        [0, 0, 0],
        [9, 8, 7],
      ]),
      'The labels are in colour, so it could be {"classes": [{"name": "class 0", "color": [0, 0, 0]}, {"name": "class 1", "color": ' +
        '[9, 8, 7]}]}',
    ],
    [
      'one value',
      gray([5]),
      'The labels have the value 5, so it could be {"classes": [{"name": "class 0"}, {"name": "class 5"}], "values": {"0": "class ' +
        '0", "5": "class 5"}}, with null for a value to ignore',
    ],
    [
      'one colour',
      colours([[5, 6, 7]]),
      'The labels are in colour, so it could be {"classes": [{"name": "class 0", "color": [5, 6, 7]}, {"name": "other", "color": ' +
        '[0, 0, 0]}]}',
    ],
  ])('are asked for with an example that is right for labels of %s', async (_, label, example) => {
    const pair = { 'images/a.png': picture(), 'masks/a.png': label };
    const [problem] = await problemsWith(pair);
    expect(problem).toBe(
      `does not say what the classes are; write classes.json with their names (docs/datasets.md). ${example}`,
    );
    const json = /\{.*\}/s.exec(example)![0];
    expect((await open({ ...pair, 'classes.json': json })).ids('TRAIN')).toEqual(['a']);
  });
});
