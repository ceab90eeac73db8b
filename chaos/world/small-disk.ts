import { execFileSync } from 'node:child_process';

const MEGABYTE = 1024 ** 2;
/** What an agent needs besides its checkpoints. */
const SPARE_BYTES = 16 * MEGABYTE;

/** Mounts a tmpfs with room for a few checkpoints. Returns why that is not possible here, or null. */
export function mountSmallDisk(folder: string, checkpointBytes: number): string | null {
  if (process.platform !== 'linux') return 'only Linux has tmpfs';
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
  const size = `size=${4 * checkpointBytes + SPARE_BYTES}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'pipe', encoding: 'utf8' });
    return null;
  } catch (error) {
    return `mounting a tmpfs failed: ${(error as Error).message.trim()}`;
  }
}

export function unmount(folder: string): void {
  execFileSync('umount', [folder], { stdio: 'pipe' });
}
