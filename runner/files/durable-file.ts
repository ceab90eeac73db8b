import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a file will contain, or a function that writes it to the still unnamed file. */
export type Content = string | Uint8Array | ((file: FileHandle) => Promise<void>);

/**
 * Writes a file so that, whenever the power fails, its name stands for the old content or for all of the new: the bytes
 * are on the disk before the file gets its name, and the name is on the disk when this resolves. Several processes may
 * write the same file; the last one wins.
 * @param mode the permissions of the file, less the umask
 * @throws Error of the file system; the file is then as it was before
 */
export async function writeDurably(file: string, content: Content, mode = 0o666): Promise<void> {
  const unnamed = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(unnamed, 'wx', mode);
    try {
      if (typeof content === 'function') await content(handle);
      else await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameDurably(unnamed, file);
  } catch (error) {
    await rm(unnamed, { force: true });
    throw error;
  }
}

/** The same for a small file, where nothing may happen in between. */
export function writeDurablySync(file: string, content: string): void {
  const unnamed = `${file}.${randomUUID()}.part`;
  try {
    writeFileSync(unnamed, content, { flag: 'wx', flush: true });
    renameSync(unnamed, file);
  } catch (error) {
    rmSync(unnamed, { force: true });
    throw error;
  }
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Renames a file whose bytes are already on the disk. The new name is on the disk when this resolves. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** A new name in a folder survives a power cut when the folder is on the disk. Windows opens no folders, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
