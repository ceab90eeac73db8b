import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';

/** Files that Windows and network storage create automatically, in lower case. */
const OF_SYSTEMS: readonly string[] = ['thumbs.db', 'desktop.ini', '@eadir'];

/**
 * The files of a folder by stem, in code unit order of their names, which is the same on every machine. Null, with the
 * problem added to `problems`, if the folder cannot be read. Hidden and system files are skipped. A file with any other
 * extension is a problem.
 */
export async function listByStem(
  folder: string,
  extensions: readonly string[],
  problems: string[],
): Promise<Map<string, string> | null> {
  const names = await listFolder(folder, problems);
  if (!names) return null;
  const files = new Map<string, string>();
  for (const name of names) {
    const { name: stem, ext } = parse(name);
    const file = join(folder, name);
    const other = files.get(stem);
    if (!extensions.includes(ext.toLowerCase()))
      problems.push(`${file}: this file type is not allowed here; allowed: ${extensions.join(', ')}`);
    else if (other) problems.push(`${file}: has the same stem as ${other}; remove one of them`);
    else files.set(stem, file);
  }
  return files;
}

/**
 * The sorted names in a folder, without hidden and system files. Null, with the problem added to `problems`, if the
 * folder cannot be read.
 */
export async function listFolder(folder: string, problems: string[]): Promise<string[] | null> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => !name.startsWith('.') && !OF_SYSTEMS.includes(name.toLowerCase())).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'no such folder' : `cannot be read (${(error as Error).message})`;
    problems.push(`${folder}: ${reason}; see docs/datasets.md for the layout`);
    return null;
  }
}
