import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { renameDurably } from '../../files/durable-file.js';

const ENDING = '.partial';
/** A container has a new hostname after each start, so nobody resumes its files. They are deleted after this time. */
const ABANDONED_MS = 24 * 60 * 60_000;

/**
 * An incomplete download. Its name contains the machine and the process, so that two processes never write to the same
 * file. A process takes over the partial file of one that has exited.
 */
export class PartialFile {
  private constructor(readonly path: string) {}

  static async take(file: string): Promise<PartialFile> {
    const mine = new PartialFile(`${file}.${hostname()}.${process.pid}${ENDING}`);
    await mine.adopt(file);
    await mine.removeAbandoned(file);
    return mine;
  }

  async bytes(): Promise<number> {
    return (await stat(this.path).catch(unlessAbsent))?.size ?? 0;
  }

  /** The server's version of the file (ETag or Last-Modified); null if the server sent none. */
  async version(): Promise<string | null> {
    return (await readFile(this.versionPath, 'utf8').catch(unlessAbsent)) || null;
  }

  /** Starts over with an empty file of the given version. */
  async restart(version: string | null): Promise<void> {
    // Remove the bytes first: bytes of one version must never be stored with another version's name.
    await writeFile(this.path, '');
    await writeFile(this.versionPath, version ?? '');
  }

  async finish(file: string): Promise<void> {
    await renameDurably(this.path, file);
    await rm(this.versionPath, { force: true });
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.versionPath, { force: true });
  }

  private get versionPath(): string {
    return versionPathOf(this.path);
  }

  private async adopt(file: string): Promise<void> {
    const start = `${basename(file)}.${hostname()}.`;
    for (const name of await partialNames(file)) {
      if (!name.startsWith(start)) continue;
      const owner = Number(name.slice(start.length, -ENDING.length));
      const left = join(dirname(file), name);
      if (await isFromBeforeBoot(left)) await new PartialFile(left).discard();
      if (owner === process.pid || isRunning(owner) || (await this.bytes()) > 0) continue;
      // Another process may try to take it over at the same moment. The one whose rename succeeds gets it.
      const taken = await rename(left, this.path).then(() => true, unlessAbsent);
      if (!taken) continue;
      await rename(versionPathOf(left), this.versionPath).catch(unlessAbsent);
      return;
    }
  }

  private async removeAbandoned(file: string): Promise<void> {
    for (const name of await partialNames(file)) {
      const other = new PartialFile(join(dirname(file), name));
      if (other.path === this.path) continue;
      const changed = (await stat(other.path).catch(unlessAbsent))?.mtimeMs ?? Date.now();
      if (Date.now() - changed > ABANDONED_MS) await other.discard();
    }
  }
}

/** A power cut may have left zeros in such a file, and only a hash would tell. */
async function isFromBeforeBoot(path: string): Promise<boolean> {
  const found = await stat(path).catch(unlessAbsent);
  return found !== null && found.mtimeMs < Date.now() - uptime() * 1000;
}

/** Names of the partial files of all machines and processes. */
async function partialNames(file: string): Promise<string[]> {
  const start = `${basename(file)}.`;
  return (await readdir(dirname(file))).filter((name) => name.startsWith(start) && name.endsWith(ENDING));
}

function versionPathOf(path: string): string {
  return `${path}.version`;
}

function unlessAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
