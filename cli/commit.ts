import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As seen from `dist/cli` and from `cli`. */
const roots = ['../..', '..'].map((path) => join(dirname(fileURLToPath(import.meta.url)), path));

/**
 * The git commit that this code was checked out from, in full; it ends in `-dirty` if tracked files have changed since. Null if
 * the package is not a checkout, or git cannot tell.
 */
export function checkedOutCommit(
  root = roots.find((folder) => existsSync(join(folder, 'package.json')))!,
): string | null {
  // Git would look in the folders above, and find the repository of whoever installed the package.
  if (!existsSync(join(root, '.git'))) return null;
  const arguments_ = ['describe', '--always', '--abbrev=40', '--dirty', '--exclude=*'];
  try {
    return execFileSync('git', arguments_, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // Git is not installed, or refuses a folder that belongs to someone else.
    return null;
  }
}
