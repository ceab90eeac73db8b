import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const ENDING = '.partial';
/** A container's name changes with each start, so nobody takes over what its predecessor left: it goes after this time. */
const ABANDONED_MS = 24 * 60 * 60_000;

/**
 * A download that is not complete. Its name carries machine and process, so that two processes never write into one file; what
 * a process that is gone has left behind is taken over.
 */
export class PartialFile {
  private constructor(readonly path: string) {}

  static async take(file: string): Promise<PartialFile> {
    const mine = new PartialFile(`${file}.${hostname()}.${process.pid}${ENDING}`);
    if ((await mine.bytes()) === 0) await mine.adopt(file);
    await mine.removeAbandoned(file);
    return mine;
  }

  async bytes(): Promise<number> {
    return (await stat(this.path).catch(unlessAbsent))?.size ?? 0;
  }

  /** What the server called this version of the file (ETag or Last-Modified); null when it called it nothing. */
  async version(): Promise<string | null> {
    return (await readFile(this.versionPath, 'utf8').catch(unlessAbsent)) || null;
  }

  /** Starts over, for bytes of the given version. */
  async restart(version: string | null): Promise<void> {
    // First the bytes: those of one version must never lie beside the name of another.
    await writeFile(this.path, '');
    await writeFile(this.versionPath, version ?? '');
  }

  async finish(file: string): Promise<void> {
    await rename(this.path, file);
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
      if (owner === process.pid || isRunning(owner)) continue;
      const left = join(dirname(file), name);
      // Another process may take it over in the same moment; whoever renames it has it.
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

/** Of all machines and processes. */
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
    // A process of somebody else may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
