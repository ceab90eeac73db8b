import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 60_000;

/** Runs `work` while no other process does. A lock file names the process; the lock of a killed process is ignored. */
export async function withStartLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + TIMEOUT_MS;
  while (!take(file)) {
    if (Date.now() > giveUpAt)
      throw new Error(`timed out waiting for another process to start Postgres; if there is none, delete ${file}`);
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = holderOf(file);
  if (holder !== null && !isAlive(holder)) rmSync(file, { force: true });
  return false;
}

/** The process that holds the lock. Null if the file has just been deleted or is still empty. */
function holderOf(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
