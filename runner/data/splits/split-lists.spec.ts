import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenDataset } from '../dataset.js';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { hasShared, SPLITS } from '../testing/shared-data.js';
import { openSplit, splitHash } from './splits.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'crosscheck-lists-'));
});

/** A dataset with these training images, in the folder of the test's lists. */
function datasetOf(ids: readonly string[], where: string | null = directory): OpenDataset {
  const source = { name: 'mine', kind: 'folder', directory: where } as const;
  return { ...openShapes('mine'), ids: (subset) => (subset === 'TRAIN' ? ids : []), source };
}

async function list(name: string, text: string): Promise<string> {
  await writeFile(join(directory, name), text);
  return name;
}

const IDS = ['2007_000032', '2007_000039', 'jena_000078_000019', 'with space', 'd'];

describe('a split from lists', () => {
  it.each([
    ['ids with CRLF and no final line break', '2007_000039\r\n2007_000032'],
    ['ids with a byte order mark and blank lines', '\uFEFF2007_000032\n\n  2007_000039\n\n'],
    [
      'pairs with a space',
      'JPEGImages/2007_000032.jpg SegmentationClass/2007_000032.png\nJPEGImages/2007_000039.jpg SegmentationClass/2007_000039.png\n',
    ],
    [
      'pairs with a tab',
      '/i/2007_000032.png\t/l/2007_000032_gtFine.png\n/i/2007_000039.png\t/l/2007_000039_gtFine.png',
    ],
    ['Windows paths', 'i\\2007_000032.JPG\ni\\2007_000039.jpeg'],
  ])('reads %s', async (_, text) => {
    const labelledList = await list('some.txt', text);
    const split = await openSplit(datasetOf(IDS), { labelledList, unlabelledList: null });
    expect(split.labelled).toEqual(['2007_000032', '2007_000039']);
    expect(split.unlabelled).toEqual(['d', 'jena_000078_000019', 'with space']);
    expect(split.hash).toBe(splitHash(['2007_000039', '2007_000032']));
  });

  it('does not take an image of another folder', async () => {
    const labelledList = await list('other.txt', 'seq1/0001.png\nseq2/0001.png');
    const split = openSplit(datasetOf(['seq1/0001', 'seq1/0002']), { labelledList, unlabelledList: null });
    await expect(split).rejects.toThrow(
      'other.txt line 2: "seq2/0001.png" is not a training image of this dataset; did you mean "seq1/0001"?',
    );
  });

  it.each([
    'leftImg8bit/train/jena/jena_000078_000019_leftImg8bit.png gtFine/train/jena/jena_000078_000019_gtFine_labelTrainIds.png',
    '/images/train/jena_000078_000019.png\t/segmentation/train/jena_000078_000019_gtFine.png',
    'gtFine/train/jena/jena_000078_000019_gtFine_labelIds.png',
  ])('finds the image of %s', async (line) => {
    const labelledList = await list('city.txt', line);
    const split = await openSplit(datasetOf(IDS), { labelledList, unlabelledList: null });
    expect(split.labelled).toEqual(['jena_000078_000019']);
  });

  it.each([
    ['images/with space.png\tlabels/d.png', ['with space']],
    ['images/with space.png', ['with space']],
    ['my images/d.png', ['d']],
    ['my images/d.png my labels/d.png', ['d']],
  ])('uses the image in %j, not its label or part of its path', async (line, labelled) => {
    const labelledList = await list('pair.txt', line);
    const dataset = datasetOf([...IDS, 'with']);
    expect((await openSplit(dataset, { labelledList, unlabelledList: null })).labelled).toEqual(labelled);
  });

  it('does not take the second path of a pair with a semicolon', async () => {
    const labelledList = await list('semicolon.txt', 'images/x.png;labels/d.png');
    const refused = openSplit(datasetOf(IDS), { labelledList, unlabelledList: null });
    await expect(refused).rejects.toThrow('line 1: "images/x.png;labels/d.png" is not a training image');
  });

  it.each([
    ['images/d.png labels/2007_000032.png', '"2007_000032" or "d"'],
    ['with space/d.png', '"d" or "with"'],
  ])('refuses %j, which is ambiguous', async (line, ids) => {
    const labelledList = await list('ambiguous.txt', line);
    const refused = openSplit(datasetOf([...IDS, 'with']), { labelledList, unlabelledList: null });
    await expect(refused).rejects.toThrow(`line 1: ${JSON.stringify(line)} could be ${ids}; write only the id`);
  });

  it('supports ids with spaces or suffixes, and leaves out images that are in neither list', async () => {
    const labelledList = await list('l.txt', 'with space\n');
    const unlabelledList = await list('u.txt', 'x_leftImg8bit\n');
    const split = await openSplit(datasetOf([...IDS, 'x_leftImg8bit', 'x']), { labelledList, unlabelledList });
    expect(split).toMatchObject({ labelled: ['with space'], unlabelled: ['x_leftImg8bit'] });
  });

  it('may be given by an absolute path in the folder of the dataset', async () => {
    const labelledList = join(directory, await list('absolute.txt', 'd'));
    expect((await openSplit(datasetOf(IDS), { labelledList, unlabelledList: null })).labelled).toEqual(['d']);
  });

  it('reports all problems together, with their lines', async () => {
    const labelledList = await list('bad-l.txt', 'd\nnowhere\nd\n2007_000032\n');
    const unlabelledList = await list('bad-u.txt', '2007_000032\nelsewhere');
    const error = await openSplit(datasetOf(IDS), { labelledList, unlabelledList }).catch((error) => error);
    expect(error.name).toBe('DatasetError');
    expect(error.problems).toEqual([
      `${labelledList} line 2: "nowhere" is not a training image of this dataset`,
      `${labelledList} line 3: "d" is listed twice, first on line 1`,
      `${unlabelledList} line 2: "elsewhere" is not a training image of this dataset`,
    ]);
    const many = await list('many.txt', Array.from({ length: 40 }, (_, i) => `none-${i}`).join('\n'));
    const refused = openSplit(datasetOf(IDS), { labelledList: many, unlabelledList: null });
    await expect(refused).rejects.toThrow(/dataset "mine": 40 problems[\s\S]*none-24[\s\S]*and 15 more$/);
  });

  it('is refused with the same message, whatever is at a path outside the folder of the dataset, or not a list', async () => {
    const below = join(directory, 'below');
    await mkdir(join(below, 'folder.txt'), { recursive: true });
    await writeFile(join(directory, 'private.txt'), 'd\nsecret');
    await symlink(join(directory, 'private.txt'), join(below, 'link.txt'));
    await symlink('/dev/zero', join(below, 'zero.txt'));
    execFileSync('mkfifo', [join(below, 'pipe.txt')]);
    await writeFile(join(below, 'large.txt'), '');
    await truncate(join(below, 'large.txt'), 16 * 1024 ** 2 + 1);
    const outside = [join(directory, 'private.txt'), '../private.txt', 'link.txt', 'zero.txt', '/etc/nothing-here.txt'];
    for (const labelledList of [...outside, 'gone.txt', 'folder.txt', 'pipe.txt', 'large.txt', 'd\u0000.txt']) {
      const error = await openSplit(datasetOf(IDS, below), { labelledList, unlabelledList: null }).catch((e) => e);
      expect(error.problems).toEqual([
        `split.labelledList: ${JSON.stringify(labelledList)} is not a list in the folder of dataset "mine"; ` +
          'copy the list into that folder (a regular text file in UTF-8 or UTF-16 of at most 16777216 bytes)',
      ]);
    }
    const noFolder = openSplit(datasetOf(IDS, null), { labelledList: '/etc/hosts.txt', unlabelledList: null });
    await expect(noFolder).rejects.toThrow('"/etc/hosts.txt" is not a list in the folder of dataset "mine"');
  });

  it('is refused when it does not name any image', async () => {
    const empty = await list('empty.txt', '\n\n');
    await expect(openSplit(datasetOf(IDS), { labelledList: empty, unlabelledList: null })).rejects.toThrow(
      'does not name any image',
    );
  });
});

describe.skipIf(!hasShared(SPLITS))('published lists', () => {
  it('are read unmodified: every pair of lists, with every image once', async () => {
    const folders = ['cityscapes-cps', ...['1_2', '1_4', '1_8', '1_16'].map((share) => `cityscapes-unimatch/${share}`)];
    const pairs: [labelled: string, unlabelled: string][] = [];
    for (const folder of [...folders, 'voc-cps']) {
      const names = (await readdir(join(SPLITS, folder))).filter((name) => /(^|_)labeled/.test(name));
      for (const name of names) {
        pairs.push([join(SPLITS, folder, name), join(SPLITS, folder, name.replace('labeled', 'unlabeled'))]);
      }
    }
    expect(pairs).toHaveLength(13);
    for (const [labelledList, unlabelledList] of pairs) {
      const lines = await Promise.all([labelledList, unlabelledList].map(async (file) => linesOf(file)));
      const dataset = datasetOf([...new Set(lines.flat().map(plainId))], SPLITS);
      const split = await openSplit(dataset, { labelledList, unlabelledList });
      expect([split.labelled.length, split.unlabelled.length]).toEqual(lines.map(({ length }) => length));
      // Each unlabelled list of PseudoSeg has one image that is also labelled.
      expect(split.inBoth).toHaveLength(labelledList.includes('pseudoseg') ? 1 : 0);
      const rest = await openSplit(dataset, { labelledList, unlabelledList: null });
      expect(rest.hash).toBe(split.hash);
      expect(rest.unlabelled).toEqual(split.unlabelled.filter((id) => !split.inBoth.includes(id)));
    }
  });

  const linesOf = async (file: string) => (await readFile(file, 'utf8')).split(/\r?\n/).filter(Boolean);

  /** The id in a published name: a year and a number, or a city and two numbers. */
  const plainId = (line: string) => /[a-z]+_\d{6}_\d{6}|\d{4}_\d{6}/.exec(line)![0];
});
