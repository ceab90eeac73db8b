import { existsSync, readdirSync, statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';

/** Files that Windows and network storage create automatically, in lower case. */
const OF_SYSTEMS: readonly string[] = ['thumbs.db', 'desktop.ini', '@eadir'];

/** Other types of pictures, which somebody may take for images or labels. */
const PICTURES = ['.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp', '.gif', '.jp2', '.ppm', '.pgm'];

/** Where the files of one kind are: those of a folder and its subfolders whose stem ends with `suffix`. */
export interface Place {
  folder: string;
  extensions: readonly string[];
  /** Of the stem, and not part of the id, such as "_mask". Files without it belong to somebody else. */
  suffix?: string;
  /** Files with this suffix belong to somebody else. */
  exceptSuffix?: string;
  /** Whether files that are not pictures are skipped. By default, they are problems. */
  othersAllowed?: boolean;
}

/**
 * The files of a place by id, in code unit order of their paths, which is the same on every machine. The id is the path in the
 * folder, with slashes, without the extension and the suffix, in Unicode's composed form (NFC): macOS and Linux write the same
 * name differently. Null, with the problem added to `problems`, if the folder cannot be read. Hidden and system files are skipped.
 */
export async function listPlace(place: Place, problems: string[]): Promise<Map<string, string> | null> {
  const { folder, extensions, suffix = '', exceptSuffix, othersAllowed = false } = place;
  const paths = await listTree(place, '', [], problems);
  if (!paths) return null;
  const files = new Map<string, string>();
  for (const path of paths) {
    const { dir, name, ext } = parse(path);
    const file = join(folder, path);
    if (/\p{Cc}/u.test(path)) {
      problems.push(`${folder}: has a file whose name holds a control character, ${JSON.stringify(path)}; rename it`);
      continue;
    }
    if (othersAllowed && !PICTURES.includes(ext.toLowerCase())) continue;
    if (!name.endsWith(suffix) || (exceptSuffix !== undefined && name.endsWith(exceptSuffix))) continue;
    if (!extensions.includes(ext.toLowerCase())) {
      problems.push(`${file}: ${strangeType(ext, extensions)}`);
      continue;
    }
    const stem = name.slice(0, name.length - suffix.length);
    const id = (dir === '' ? stem : `${dir}/${stem}`).normalize('NFC');
    const other = files.get(id);
    if (other) problems.push(`${file}: has the same stem as ${other}; remove one of them`);
    else files.set(id, file);
  }
  return files;
}

function strangeType(extension: string, allowed: readonly string[]): string {
  if (/^\.jpe?g$/i.test(extension)) return 'JPEG changes values, so it cannot hold a label; save labels as PNG';
  return `this file type is not allowed here; allowed: ${allowed.join(', ')}`;
}

/**
 * The paths of all files below the folder of a place, sorted.
 *
 * @param above the real paths of the folders that contain this one
 */
async function listTree(
  place: Place,
  within: string,
  above: readonly string[],
  problems: string[],
): Promise<string[] | null> {
  const folder = join(place.folder, within);
  const entries = await listFolder(folder, problems);
  if (!entries) return null;
  const real = await realpath(folder);
  if (above.includes(real)) {
    problems.push(`${folder}: is a link to a folder that contains it; remove it`);
    return null;
  }
  const paths: string[] = [];
  for (const { name, isFolder } of entries) {
    const path = within === '' ? name : `${within}/${name}`;
    if (!isFolder) paths.push(path);
    else if (place.extensions.includes(extname(name).toLowerCase()))
      problems.push(`${join(place.folder, path)}: is a folder, but has the name of a file; remove it or rename it`);
    else paths.push(...((await listTree(place, path, [...above, real], problems)) ?? []));
  }
  return paths.sort();
}

/** What is in a folder. */
export interface FolderEntry {
  name: string;
  isFolder: boolean;
}

/**
 * What is in a folder, sorted by name, without hidden and system files. Links are followed. Null, with the problem added to
 * `problems`, if the folder cannot be read.
 */
export async function listFolder(folder: string, problems: string[]): Promise<FolderEntry[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const shown = entries.filter(({ name }) => !name.startsWith('.') && !OF_SYSTEMS.includes(name.toLowerCase()));
    const listed = await Promise.all(
      shown.map(async (entry) => ({
        name: entry.name,
        isFolder: entry.isSymbolicLink() ? await leadsToFolder(join(folder, entry.name)) : entry.isDirectory(),
      })),
    );
    return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const known = { ENOENT: 'no such folder', ENOTDIR: 'is a file, but must be a folder' }[code ?? ''];
    const reason = known ?? `cannot be read (${(error as Error).message})`;
    problems.push(`${folder}: ${reason}; see docs/datasets.md for the layout`);
    return null;
  }
}

/** The names in a folder, sorted; none if there is no such folder. */
export function namesIn(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
}

/** A link that leads nowhere is not a folder: whoever reads it as a file says so. */
async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
