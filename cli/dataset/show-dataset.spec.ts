import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Inspection } from '../../runner/data/inspect/inspection.js';
import { makeOddFolder } from '../../runner/data/testing/odd-folder.js';
import { EXIT } from '../../schema/exit-codes.js';
import { crosscheck } from '../testing/crosscheck.js';

let root: string;
let home: string;
beforeEach(async () => {
  root = await makeOddFolder();
  home = await mkdtemp(join(tmpdir(), 'crosscheck-home-'));
});
afterEach(async () => {
  for (const folder of [root, home]) await rm(folder, { recursive: true });
});

const show = (...options: string[]) => crosscheck('dataset', `odd=${root}`, '--home', home, ...options);

/** The words of each line below a title. */
function below(lines: readonly string[], title: string): string[][] {
  const after = lines.slice(lines.indexOf(title) + 1);
  return after.slice(0, after.indexOf('')).map((line) => line.trim().split(/ {2,}/));
}

describe('crosscheck dataset', () => {
  it('says what a dataset holds', async () => {
    const { code, out, err } = await show();
    expect({ code, err }).toEqual({ code: EXIT.done, err: [] });
    expect(out.slice(0, 3)).toEqual([
      `odd (folder) in ${root}`,
      '4 train, 2 val, 1 test, 1 without label',
      expect.stringMatching(/^fingerprint [0-9a-f]{64}$/),
    ]);
    expect(below(out, 'Images').map((row) => row.slice(0, 6))).toEqual([
      ['subset', 'images', 'damaged', 'size', 'channels', 'bits'],
      ['train', '4', '0', '40x30', '3', '8'],
      ['val', '2', '0', '40x30', '3', '8'],
      ['test', '1', '0', '40x30', '3', '8'],
      ['without label', '1', '0', '40x30', '3', '8'],
    ]);
    expect(below(out, 'Classes in train').slice(1)).toEqual([
      ['ground', '2,999', '83.31 %', '3', '3', '600', '1,199', '1,200'],
      ['thing', '601', '16.69 %', '2', '2', '1', '300.5', '600'],
      ['rare', '0', '0.00 %', '0', '–', '–', '–', '–'],
      ['ignored pixels: 1,200'],
      ['not in any label: rare'],
    ]);
    expect(below(out, 'Labelled splits with seed 0')).toEqual([
      ['images with', '1/16: 1 label', '1/8: 1 label', '1/4: 1 label', '1/2: 2 labels'],
      ['ground', '1', '1', '1', '2'],
      ['thing', '0', '0', '0', '1'],
      ['rare', '0', '0', '0', '0'],
      ['1/16 has no label of thing, rare'],
      ['1/8 has no label of thing, rare'],
      ['1/4 has no label of thing, rare'],
      ['1/2 has no label of rare'],
      ['with split.cover, 1 label holds every class that training labels have'],
    ]);
    expect(below(out, 'Images with the same bytes')).toEqual([
      ['train: a = train: c = val: a (with different labels)'],
    ]);
    expect(below(out, 'Images that look alike in different subsets')).toEqual([
      [expect.stringMatching(/^val: f looks like train: d \([0-6] bits? of 64 differ\)$/)],
    ]);
    expect(below(out, 'Worth a look')).toEqual([
      ['1 label without a pixel of any class: train: b'],
      ['1 component of fewer than 10 pixels in 1 label, most in: train: d'],
      ['1 label whose palette contradicts the classes: test: g'],
      ['1 image with an EXIF orientation tag: test: g'],
    ]);
    expect(out).toContainEqual(expect.stringContaining('- no training label has a pixel of rare'));
    expect(out).not.toContain('Problems');
  });

  it('prints one JSON object', async () => {
    const { code, out, err } = await show('--json');
    expect({ code, err }).toEqual({ code: EXIT.done, err: [] });
    const inspection: Inspection = JSON.parse(out.join('\n'));
    expect(Object.keys(inspection)).toEqual([
      ...['name', 'kind', 'directory', 'fingerprint', 'problems', 'warnings', 'classes', 'channels', 'ignoreIndex'],
      ...['parts', 'duplicates', 'nearDuplicates', 'suspects', 'splits', 'coveringLabels'],
    ]);
    expect(inspection).toMatchObject({ name: 'odd', kind: 'folder', directory: root, problems: [], ignoreIndex: 255 });
    expect(inspection.parts[0]).toMatchObject({ part: 'TRAIN', images: 4, missing: ['rare'] });
  });

  it('lists all damaged files, and ends with another exit code', async () => {
    const damaged = ['train/images/b.png', 'train/labels/d.png', 'val/labels/f.png'].map((path) => join(root, path));
    for (const file of damaged) await writeFile(file, (await readFile(file)).subarray(0, 60));
    const converted = join(home, 'converted');
    const { code, out, err } = await show('--html', join(home, 'page.html'), '--convert', converted);
    expect(code).toBe(EXIT.refused);
    expect(existsSync(converted)).toBe(false);
    expect(err).toEqual([
      'error: the dataset cannot be used, because it has 3 problems; fix what is listed, then run this again',
    ]);
    const problems = out.slice(out.indexOf('Problems') + 1);
    expect(problems).toEqual(damaged.map((file) => expect.stringContaining(`- ${file}: cannot be decoded`)));
    expect(out[2]).toBe('fingerprint –, because the dataset cannot be used');
    const splits = ['not counted, because some training images have problems'];
    expect(below(out, 'Labelled splits with seed 0')).toEqual([splits]);
    expect(below(out, 'Images')[1]!.slice(0, 3)).toEqual(['train', '4', '2']);
    const page = await readFile(join(home, 'page.html'), 'utf8');
    expect(page).toContain('cannot be used: 3 problems');
    for (const text of [...damaged, ...splits]) expect(page).toContain(text);
  });

  it('writes the dataset in the folder format, into an empty folder', async () => {
    const out = join(home, 'converted');
    const { code, err } = await show('--convert', out);
    expect({ code, err }).toEqual({ code: EXIT.done, err: [`written in the folder format: ${out}`] });
    const [before, after] = [await show('--json'), await crosscheck('dataset', out, '--home', home, '--json')];
    const holds = ({ out }: typeof before) => {
      const { parts, splits, duplicates, nearDuplicates }: Inspection = JSON.parse(out.join('\n'));
      return { parts, splits, duplicates: duplicates.map(({ images }) => images), nearDuplicates };
    };
    expect(holds(after)).toEqual(holds(before));

    const again = await show('--convert', out);
    expect(again.code).toBe(EXIT.refused);
    expect(again.err).toEqual([expect.stringMatching(/^error: .*converted: is not empty/)]);
    // The check, which takes a while, has not begun.
    expect(again.out).toEqual([]);
    const file = await show('--convert', join(root, 'classes.json'));
    expect(file.err).toEqual([expect.stringMatching(/^error: .*classes.json: is not a folder/)]);
  });

  it('refuses what is not a dataset, in one line', async () => {
    const refused = async (...args: string[]) => {
      const { code, out, err } = await crosscheck('dataset', ...args);
      expect({ code, out, lines: err.length }).toEqual({ code: EXIT.refused, out: [], lines: 1 });
      return err[0];
    };
    expect(await refused('/none')).toBe('error: /none is not a folder');
    expect(await refused(home)).toMatch(/^error: .*see docs\/datasets.md for the layouts$/);
    expect(await refused(root, '--html', '/none/page.html')).toBe(
      'error: --html /none/page.html: the folder /none does not exist or is not writable',
    );
    expect(await refused(root, '--html', home)).toBe(
      `error: --html ${home}: this is a folder; name a file, such as ${join(home, 'dataset.html')}`,
    );
    await writeFile(join(root, 'classes.json'), '{');
    expect(await refused(root)).toMatch(/^error: .*classes.json: is not JSON/);
  });
});

describe('the page', () => {
  it('needs no other file, and shows every class and everything that looks wrong', async () => {
    await writeFile(
      join(root, 'classes.json'),
      (await readFile(join(root, 'classes.json'), 'utf8')).replace('"thing"', '"<thing>"'),
    );
    const file = join(home, 'page.html');
    expect((await show('--html', file)).code).toBe(EXIT.done);
    const page = await readFile(file, 'utf8');
    expect(page).not.toMatch(/<script|<link|url\(|https?:/);
    expect(page).not.toContain('<thing>');
    const sources = [...page.matchAll(/<img src="([^"]*)"/g)].map(([, source]) => source!);
    for (const source of sources) {
      const [, bytes] = /^data:image\/(?:jpeg|png);base64,(.+)$/.exec(source)!;
      const { width, height } = await sharp(Buffer.from(bytes!, 'base64')).metadata();
      expect([width, height]).toEqual([168, 126]);
    }
    // Suspects: 1 group, 2 alike, 1 blank, 3 of the palette, 2 of the tag, 1 tiny. Classes: ground 4, thing 4, rare 1.
    expect(sources).toHaveLength(10 + 9);
    const titles = [...page.matchAll(/<h2>([^<]+)/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Warnings',
      'Worth a look',
      'Images',
      'Classes',
      'Labelled splits',
      'Pictures of each class',
    ]);
    expect(page).toContain('with split.cover, 1 label holds every class that training labels have');
    for (const id of page.matchAll(/href="#(\w+)"/g)) expect(page).toContain(`<section id="${id[1]}">`);
  });
});
