import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';

/** The user's folder, made when it is missing and otherwise left as it is; a new temporary one when `home` is null. @throws UserError */
export async function homeFolder(home: string | null): Promise<string> {
  if (home !== null) {
    await mkdir(home, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      const why = error.code === 'EEXIST' ? 'is not a folder' : `cannot be made: ${error.message}`;
      throw new UserError(`--home ${home}: ${why}`);
    });
    return resolve(home);
  }
  const folder = await mkdtemp(join(tmpdir(), 'crosscheck-demo-'));
  // PostgreSQL runs as another user when this is root, and must get to its data.
  if (process.getuid?.() === 0) await chmod(folder, 0o755);
  return folder;
}
