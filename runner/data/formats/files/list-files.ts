import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';

/** What Windows and network storage put into folders unasked; lower case. */
const OF_SYSTEMS: readonly string[] = ['thumbs.db', 'desktop.ini', '@eadir'];

/**
 * A folder's files by stem, in the code unit order of their names, the same on every machine; null, with the problem
 * noted, when it cannot be read. Hidden files and those of systems are skipped, files with another extension are a problem.
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
    if (!extensions.includes(ext.toLowerCase())) problems.push(`${file}: allowed here: ${extensions.join(', ')}`);
    else if (other) problems.push(`${file}: has the same stem as ${other}; keep one`);
    else files.set(stem, file);
  }
  return files;
}

/** The sorted names in a folder, hidden ones and those of systems left out; null, with the problem noted, when it cannot be read. */
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
