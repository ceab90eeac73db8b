import { createHash, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunnerInstanceInput } from '../../schema/generated/runner/graphql.js';
import { writeDurably } from '../files/durable-file.js';
import { setAside } from './damaged.js';
import { DamagedFile, readJsonFile } from './json-file.js';
import { bootId } from './process-identity.js';

const instance = z.object({
  id: z.uuid(),
  /** Of this file. A copy of it has another one; the file keeps it when its folder is renamed or moved. */
  inode: z.string(),
});

/**
 * Tells a home from its copies, which have the same token: `<home>/instance.json` holds a random id, and a copy of the
 * file makes a new one. The id that the server gets also depends on the boot of the machine, because a cloned disk has
 * the same files, inodes included. Hold the lock of the home.
 */
export async function openInstance(home: string, log: (message: string) => void): Promise<RunnerInstanceInput> {
  const file = join(home, 'instance.json');
  const id = (await knownId(home, file, log)) ?? (await newId(file));
  return { id: uuidOf(`${id} ${bootId() ?? ''}`), host: hostname() };
}

async function knownId(home: string, file: string, log: (message: string) => void): Promise<string | null> {
  try {
    const found = readJsonFile(file, instance);
    return found && found.inode === String(statSync(file, { bigint: true }).ino) ? found.id : null;
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    await setAside(home, file, error.message, log);
    return null;
  }
}

async function newId(file: string): Promise<string> {
  const id = randomUUID();
  // The inode is known before the file gets its name, and does not change then.
  await writeDurably(file, async (handle) => {
    const { ino } = await handle.stat({ bigint: true });
    await handle.writeFile(JSON.stringify({ id, inode: String(ino) }));
  });
  return id;
}

/** A UUID (version 8, RFC 9562) made of the SHA-256 of a text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
