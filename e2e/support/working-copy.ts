import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

const LEFT_OUT = /^(node_modules|\.git|\.crosscheck|coverage|docs|shared|dist)$/;
const KERNELS = 'dist/runner/kernels/wasm';

/** A copy of this working tree, for tests that edit sources. Only its kernels are built. */
export class WorkingCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'crosscheck-copy-'));

  constructor() {
    // If this is root, PostgreSQL runs as another user, who needs access.
    chmodSync(this.folder, 0o755);
    const original = process.cwd();
    const copy = (from: string, filter: (path: string) => boolean): void =>
      // Keep modification times. Otherwise the kernels would look older than their sources.
      cpSync(join(original, from), join(this.folder, from), {
        recursive: true,
        preserveTimestamps: true,
        filter: (source) => filter(relative(original, source)),
      });
    copy('.', (path) => !LEFT_OUT.test(path));
    copy(KERNELS, (path) => path === KERNELS || basename(path).startsWith('kernels.'));
    symlinkSync(join(original, 'node_modules'), join(this.folder, 'node_modules'));
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Replaces a part of a file. @throws Error if the file does not contain it */
  edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    this.write(
      file,
      text.replace(from, () => to),
    );
  }

  /** Processes that have this folder in their command line, as "pid command". */
  processes(): string[] {
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(this.folder));
  }

  /** Kills every process that is still running there, and removes the folder. */
  remove(): void {
    for (const line of this.processes()) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
