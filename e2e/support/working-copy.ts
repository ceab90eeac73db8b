import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const LEFT_OUT = new Set(['.git', 'node_modules', '.crosscheck']);

/** A copy of this repository that a test may break: sources and build output copied (with their times), dependencies linked. */
export async function workingCopy(): Promise<string> {
  const root = process.cwd();
  const copy = await mkdtemp(join(tmpdir(), 'crosscheck-copy-'));
  await cp(root, copy, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => path === root || !LEFT_OUT.has(basename(path)),
  });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
