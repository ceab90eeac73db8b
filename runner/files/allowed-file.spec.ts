import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findAllowedFile } from './allowed-file.js';

let root: string;
let inside: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'crosscheck-allowed-')));
  inside = join(root, 'inside');
  mkdirSync(join(inside, 'deep'), { recursive: true });
  mkdirSync(join(root, 'inside-too'));
  for (const file of ['inside/a', 'inside/deep/b', 'outside', 'inside-too/c']) writeFileSync(join(root, file), 'abc');
  symlinkSync(join(inside, 'a'), join(inside, 'link-inside'));
  symlinkSync(join(root, 'outside'), join(inside, 'link-outside'));
  symlinkSync(root, join(inside, 'link-up'));
  symlinkSync('/dev/zero', join(inside, 'link-zero'));
  symlinkSync(inside, join(root, 'link-to-inside'));
  execFileSync('mkfifo', [join(inside, 'pipe')]);
});
afterAll(() => rmSync(root, { recursive: true }));

const find = (name: string, folders = [inside]) => findAllowedFile(name, folders, 3);

it.each([
  ['a', 'a'],
  ['deep/b', 'deep/b'],
  ['deep/../a', 'a'],
  ['link-inside', 'a'],
])('finds %s inside the folder', async (name, file) => {
  const found = { file: join(inside, file), bytes: 3 };
  expect(await find(name)).toEqual(found);
  expect(await find(join(inside, name))).toEqual(found);
  expect(await find(name, [join(root, 'nowhere'), join(root, 'link-to-inside')])).toEqual(found);
});

it.each([
  ['../outside', 'outside the allowed folders'],
  ['../inside-too/c', 'outside the allowed folders'],
  ['link-outside', 'outside the allowed folders'],
  ['link-up/outside', 'outside the allowed folders'],
  ['link-zero', 'outside the allowed folders'],
  ['/dev/zero', 'outside the allowed folders'],
  ['/etc/passwd', 'outside the allowed folders'],
  ['.', 'outside the allowed folders'],
  ['deep', 'is not a regular file'],
  ['pipe', 'is not a regular file'],
  ['gone', 'cannot be found'],
  ['a\0', 'cannot be found'],
])('refuses %j', async (name, why) => {
  expect(await find(name)).toEqual({ refused: expect.stringContaining(why) });
});

it('refuses a file that is too large, and any file when no folder is allowed', async () => {
  expect(await findAllowedFile('a', [inside], 2)).toEqual({ refused: expect.stringContaining('3 bytes') });
  expect(await find('a', [])).toEqual({ refused: 'no folder is allowed' });
  expect(await find(join(inside, 'a'), [])).toEqual({ refused: expect.stringContaining('outside') });
});
