import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, whether this runs from the sources (in tests) or from dist/server. */
export const packageRoot = findUp(dirname(fileURLToPath(import.meta.url)));

function findUp(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('found no package.json in any folder above the server');
  return findUp(parent);
}
