import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real file system of a few megabytes, which is soon full. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  static mount(path: string, size: string): SmallDisk {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
    return new SmallDisk(path);
  }

  /** Whether this process may mount one: only root on Linux can, and not in every container. */
  static get isPossible(): boolean {
    const path = mkdtempSync(join(tmpdir(), 'crosscheck-mount-'));
    try {
      SmallDisk.mount(path, '64k').unmount();
      return true;
    } catch {
      return false;
    } finally {
      rmdirSync(path);
    }
  }

  remount(option: string): void {
    execFileSync('mount', ['-o', `remount,${option}`, this.path], { stdio: 'pipe' });
  }

  /** Also if files on it are still open. */
  unmount(): void {
    execFileSync('umount', ['--lazy', this.path], { stdio: 'pipe' });
  }
}
