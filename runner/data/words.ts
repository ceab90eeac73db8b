import { relative, sep } from 'node:path';

/** "3 images", "10,582 images". */
export function counted(count: number, what: string, plural = `${what}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? what : plural}`;
}

/** The first names, and how many more there are. */
export function listed(names: readonly string[], most: number, separator = ', '): string {
  return names.slice(0, most).join(separator) + andMore(names.length - most);
}

/** Classes that a message names. Some datasets have hundreds. */
const MOST_CLASSES = 25;
/** Characters that the names of classes may take, so that a message with them fits into an alarm (schema/report-limits.ts). */
const MOST_CHARACTERS = 500;

/** Like `listed`, for the names of classes. */
export function listedClasses(names: readonly string[]): string {
  let most = Math.min(MOST_CLASSES, names.length);
  while (most > 1 && names.slice(0, most).join(', ').length > MOST_CHARACTERS) most--;
  return listed(names, most);
}

const andMore = (more: number): string => (more > 0 ? ` and ${more.toLocaleString('en-US')} more` : '');

/** A path as warnings name it: inside the dataset's folder, with slashes, so that it is the same on every machine. */
export function pathIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
