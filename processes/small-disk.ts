import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real file system (tmpfs) of a few megabytes, which is soon full. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /**
   * @param path an empty folder
   * @param size in bytes, or as `mount` reads it: "4m"
   */
  static mount(path: string, size: number | string): SmallDisk {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path);
    return new SmallDisk(path);
  }

  /** Why this process may not mount one: only root on Linux can, and not in every container. Null if it may. */
  static whyImpossible(): string | null {
    if (process.platform !== 'linux') return 'only Linux has tmpfs';
    if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
    const path = mkdtempSync(join(tmpdir(), 'crosscheck-mount-'));
    try {
      SmallDisk.mount(path, '64k').unmount();
      return null;
    } catch (error) {
      return `mounting a tmpfs failed: ${(error as Error).message.trim()}`;
    } finally {
      rmdirSync(path);
    }
  }

  static get isPossible(): boolean {
    return SmallDisk.whyImpossible() === null;
  }

  /** @param option "ro", "rw" or "size=16m" */
  remount(option: string): void {
    mount('-o', `remount,${option}`, this.path);
  }

  /** Also if files on it are still open. */
  unmount(): void {
    execFileSync('umount', ['--lazy', this.path], { stdio: 'pipe' });
  }
}

function mount(...options: string[]): void {
  execFileSync('mount', options, { stdio: 'pipe', encoding: 'utf8' });
}
