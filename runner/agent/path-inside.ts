import { resolve } from 'node:path';
import { isInside } from '../files/allowed-file.js';

/**
 * The path of something in a folder of a runner's home. Names are made of checked answers only (answers.ts); this is the
 * second look, at what comes out.
 * @throws Error when the path is not below the folder
 */
export function pathInside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!isInside(resolve(folder), path)) throw new Error(`${JSON.stringify(name)} is outside ${folder}`);
  return path;
}
