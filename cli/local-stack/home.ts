import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';

/** The user's folder, created if it does not exist, or a new temporary one if `home` is null. @throws UserError */
export async function homeFolder(home: string | null): Promise<string> {
  if (home !== null) {
    await mkdir(home, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      const why = error.code === 'EEXIST' ? 'is not a folder' : `cannot be created: ${error.message}`;
      throw new UserError(`--home ${home}: ${why}`);
    });
    return resolve(home);
  }
  const folder = await mkdtemp(join(tmpdir(), 'crosscheck-demo-'));
  // If this is root, PostgreSQL runs as another user, who needs access to its data.
  if (process.getuid?.() === 0) await chmod(folder, 0o755);
  return folder;
}
