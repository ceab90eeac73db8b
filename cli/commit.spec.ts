import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkedOutCommit } from './commit.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-commit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

it('is that of the checkout, and says whether files have changed since', () => {
  git('init', '--quiet');
  writeFileSync(join(folder, 'a.txt'), 'a');
  git('add', 'a.txt');
  git('commit', '--quiet', '-m', 'first');
  git('tag', 'v1');
  const commit = git('rev-parse', 'HEAD').trim();
  expect(checkedOutCommit(folder)).toBe(commit);
  writeFileSync(join(folder, 'untracked.txt'), 'b');
  expect(checkedOutCommit(folder)).toBe(commit);
  writeFileSync(join(folder, 'a.txt'), 'b');
  expect(checkedOutCommit(folder)).toBe(`${commit}-dirty`);
});

it('is null without a checkout, and in one without a commit', () => {
  expect(checkedOutCommit(folder)).toBeNull();
  git('init', '--quiet');
  expect(checkedOutCommit(folder)).toBeNull();
});
