import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDataset } from '../../open.js';
import { problemsOf } from '../../testing/problems.js';
import { makeSmallFolder } from '../../testing/small-folder.js';

let directory: string;
let checkedFolder: string;
let warnings: string[];
beforeEach(async () => {
  warnings = [];
  directory = await makeSmallFolder();
  checkedFolder = await mkdtemp(join(tmpdir(), 'crosscheck-checked-'));
});
afterEach(async () => {
  vi.useRealTimers();
  for (const folder of [directory, checkedFolder]) await rm(folder, { recursive: true });
});

function open(name = 'small', folder = checkedFolder) {
  const checked = { folder, warn: (message: string) => warnings.push(message) };
  return openDataset({ name, kind: 'folder', directory }, { checked });
}

/** Opens the dataset as if its files were a few seconds old. Newer files could change again unnoticed. */
async function openLater(...where: Parameters<typeof open>) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3000 });
  try {
    return await open(...where);
  } finally {
    vi.useRealTimers();
  }
}

/** Marks the remembered descriptor, so that it differs from the result of a check. */
async function mark(): Promise<void> {
  const file = await memory();
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"fingerprint":"\w+"/, '"fingerprint":"remembered"'));
}

async function memory(): Promise<string> {
  const names = await readdir(checkedFolder);
  const name = names.find((each) => /^\w+\.json$/.test(each))!;
  expect(names.sort()).toEqual([name.replace('.json', '.images.json'), name]);
  return join(checkedFolder, name);
}

it('remembers a checked dataset until one of its files is written, even with the same bytes and dates', async () => {
  const { fingerprint } = (await open()).descriptor;
  expect(await readdir(checkedFolder)).toEqual([]);
  expect((await openLater()).descriptor.fingerprint).toBe(fingerprint);
  await mark();
  expect((await open('renamed')).descriptor).toMatchObject({ name: 'renamed', fingerprint: 'remembered' });

  const label = join(directory, 'val/labels/b.png');
  const { atime, mtime } = await stat(label);
  const bytes = await readFile(label);
  await writeFile(label, bytes);
  await utimes(label, atime, mtime);
  expect((await open()).descriptor.fingerprint).toBe(fingerprint);

  await writeFile(label, bytes.subarray(0, 20));
  expect(await problemsOf(open())).toEqual([
    `${label}: cannot be decoded: the file is damaged or cut off; copy it again from where it came`,
  ]);
  await rm(label);
  expect((await problemsOf(open())).join()).toContain('has no label');
  await writeFile(label, bytes);

  // The same files with other classes are another dataset.
  await openLater();
  await mark();
  const classes = join(directory, 'classes.json');
  await writeFile(classes, (await readFile(classes, 'utf8')).replace('"thing"', '"object"'));
  const changed = (await open()).descriptor;
  expect(changed.classes[1]!.name).toBe('object');
  expect([fingerprint, 'remembered']).not.toContain(changed.fingerprint);

  await writeFile(await memory(), '{');
  expect((await open()).descriptor.fingerprint).toBe(changed.fingerprint);
  expect(warnings).toEqual([]);
});

it('keeps what runs do not need in a file that they do not read', async () => {
  await openLater();
  const file = await memory();
  const { facts } = JSON.parse(await readFile(file, 'utf8'));
  expect(facts).toEqual({ pixels: [expect.any(Array), expect.any(Array)], tagged: [] });
  // Of hundreds of classes, most are in no label.
  expect(facts.pixels[0]).toEqual([0, 11, 1, 12, 2, 1]);
  await writeFile(file.replace('.json', '.images.json'), '{');
  await mark();
  const dataset = await open();
  expect(dataset.descriptor.fingerprint).toBe('remembered');
  expect(await dataset.classPixels('a')).toEqual([11, 12, 1]);
});

it('continues with a warning if it can neither read nor write the cache file', async () => {
  const { fingerprint } = (await openLater()).descriptor;
  const file = await memory();
  await rm(file);
  await mkdir(file);
  expect((await openLater()).descriptor.fingerprint).toBe(fingerprint);
  expect(warnings).toEqual([
    expect.stringContaining(`dataset "small" is checked again, because ${file} cannot be read (EISDIR`),
    expect.stringContaining(
      `dataset "small" will be checked again next time, because ${file} cannot be written (EISDIR`,
    ),
  ]);
  // No partial file is left behind.
  expect(await memory()).toBe(file);

  warnings = [];
  const noFolder = join(directory, 'classes.json');
  expect((await openLater('small', noFolder)).descriptor.fingerprint).toBe(fingerprint);
  expect(warnings).toEqual([
    expect.stringMatching(/ cannot be read \(ENOTDIR/),
    expect.stringMatching(/ cannot be written \(E(EXIST|NOTDIR)/),
  ]);
});
