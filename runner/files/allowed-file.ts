import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** A file that may be read, by its real path; or why not, with details that only the owner of the machine may see. */
export type FoundFile = { file: string; bytes: number } | { refused: string };

/**
 * Finds a regular file that is really inside one of the folders: symbolic links are followed first. A relative name is
 * looked for in each folder.
 */
export async function findAllowedFile(name: string, folders: readonly string[], maxBytes: number): Promise<FoundFile> {
  const roots = (await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)))).filter(
    (root) => root !== null,
  );
  const reasons: string[] = [];
  for (const candidate of isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))) {
    const found = await examine(candidate, roots, maxBytes);
    if ('file' in found) return found;
    reasons.push(found.refused);
  }
  return { refused: reasons.join('; ') || 'no folder is allowed' };
}

async function examine(path: string, roots: readonly string[], maxBytes: number): Promise<FoundFile> {
  try {
    const file = await realpath(path);
    const allowed = roots.some((root) => isInside(root, file));
    if (!allowed) return { refused: `${path} is outside the allowed folders` };
    const found = await stat(file);
    // Reading a pipe may block forever, and a device may never end.
    if (!found.isFile()) return { refused: `${path} is not a regular file` };
    if (found.size > maxBytes)
      return { refused: `${path} has ${found.size} bytes, more than the limit of ${maxBytes}` };
    return { file, bytes: found.size };
  } catch (error) {
    return { refused: `${path} cannot be found: ${(error as Error).message}` };
  }
}

/** Whether a path is below a folder. Both must be absolute, and the answer is about the names only. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}
