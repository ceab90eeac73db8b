import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What is kept of damaged files. The oldest are deleted first. */
export const DAMAGED_LIMITS = { files: 10, bytes: 512 * 1024 ** 2 };

/**
 * Moves a damaged file or folder of a home to `<home>/damaged/`, where its owner can look at it, and says so in one
 * line. Never throws: whatever is wrong with the disk must not keep the agent from starting.
 * @param why names the file and what is wrong with it
 */
export async function setAside(
  home: string,
  path: string,
  why: string,
  log: (message: string) => void,
  limits: typeof DAMAGED_LIMITS = DAMAGED_LIMITS,
): Promise<void> {
  const folder = join(home, 'damaged');
  // Names sort by time.
  const target = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${basename(path)}`);
  try {
    if ((await lstat(folder).catch(() => null))?.isDirectory() === false) await rm(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(path, target);
    const kept = await prune(folder, limits);
    log(
      `warning: ${why}; ${kept.has(basename(target)) ? `moved to ${target}` : 'deleted, because it is too large to keep'}`,
    );
  } catch (error) {
    log(`warning: ${why}; it cannot be moved to ${folder} (${(error as Error).message}), so move or delete it`);
  }
}

/** Deletes the oldest until the rest is within the limits. Returns the names of the rest. */
async function prune(folder: string, limits: typeof DAMAGED_LIMITS): Promise<Set<string>> {
  const kept = new Set<string>();
  let bytes = 0;
  let full = false;
  for (const name of (await readdir(folder)).sort().reverse()) {
    bytes += await sizeOf(join(folder, name));
    full ||= kept.size >= limits.files || bytes > limits.bytes;
    if (full) await rm(join(folder, name), { recursive: true, force: true });
    else kept.add(name);
  }
  return kept;
}

/** The size in bytes of a file, or of all files in a folder. What cannot be read counts as nothing. */
async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory()) return found?.size ?? 0;
  const names = await readdir(path).catch(() => []);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
