import { describe, expect, it } from 'vitest';
import { gray, picture, TWO_CLASSES } from '../testing/small-files.js';
import { writtenDatasets } from '../testing/written-datasets.js';

const { open, problemsWith } = writtenDatasets();

/** Two folders of images and labels with these ids. */
const pairs = (...ids: string[]) => ({
  'classes.json': TWO_CLASSES,
  ...Object.fromEntries(
    ids.flatMap((id) => [
      [`images/${id}.png`, picture()],
      [`masks/${id}.png`, gray([0, 1])],
    ]),
  ),
});

describe('an entry', () => {
  it('of another folder does not name an image of the same name', async () => {
    const files = { ...pairs('seq1/0001', 'seq1/0002'), 'train.txt': '/home/x/data/images/seq1/0002.png' };
    const other = '/home/x/data/images/seq2/0001.png';
    expect(await problemsWith({ ...files, 'val.txt': other })).toEqual([
      `val.txt line 1: images has no image "${other}"; did you mean "seq1/0001"?`,
    ]);
    expect((await open({ ...files, 'val.txt': '0001' })).ids('VAL')).toEqual(['seq1/0001']);
  });

  it('that names no image is quoted, with its line', async () => {
    const files = { ...pairs('IMG 0001', 'IMG 0002'), 'val.txt': 'img 0002' };
    expect(await problemsWith({ ...files, 'train.txt': 'IMG 0001\nIMG 0003\n\nIMG 0004\n' })).toEqual([
      'train.txt line 2: images has no image "IMG 0003"',
      'train.txt line 4: images has no image "IMG 0004"',
      'val.txt line 1: images has no image "img 0002"; did you mean "IMG 0002"?',
    ]);
  });

  it('must not be a header, and not in quotes or with semicolons', async () => {
    const files = { ...pairs('a', 'b'), 'train.txt': 'image,label\n"images/a.png","masks/a.png"\n' };
    const advice = 'write one image per line, without a header, quotes and semicolons';
    expect(await problemsWith({ ...files, 'val.txt': 'b.png;b_mask.png' })).toEqual([
      `train.txt line 1: images has no image "image,label"; ${advice}`,
      `train.txt line 2: images has no image "\\"images/a.png\\",\\"masks/a.png\\""; ${advice}`,
      `val.txt line 1: images has no image "b.png;b_mask.png"; ${advice}`,
    ]);
  });

  it('may begin like a comment, and a path in a comment stays one', async () => {
    const files = { ...pairs('#1', 'b', 'c'), 'train.txt': '#1.png\n# images/b.png\n#c\n', 'val.txt': 'b' };
    expect((await open(files)).ids('TRAIN')).toEqual(['#1']);
  });
});

it('lists of images and classes in an older encoding are refused', async () => {
  const latin = Buffer.from('straße\n', 'latin1');
  const problem = 'it is not in UTF-8, but in an older encoding such as Windows-1252; save it as UTF-8';
  expect(await problemsWith({ ...pairs('straße', 'b'), 'val.txt': latin })).toEqual([
    `val.txt: cannot be read: ${problem}`,
  ]);
  const { 'classes.json': _, ...rest } = pairs('a');
  expect(await problemsWith({ ...rest, 'class_names.txt': latin })).toEqual([`cannot be read: ${problem}`]);
});
