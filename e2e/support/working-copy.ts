import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkFolder, removeFolder } from './folders.js';

const LEFT_OUT = /^(node_modules|\.git|\.crosscheck|coverage|shared)$/;

/**
 * A copy of this working tree and of what is built, for tests that edit sources: as on a developer's machine, a build compiles
 * only what has changed.
 */
export class WorkingCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'crosscheck-copy-'));

  constructor() {
    // If this is root, PostgreSQL runs as another user, who needs access.
    chmodSync(this.folder, 0o755);
    const original = process.cwd();
    const entries = readdirSync(original).filter((name) => !LEFT_OUT.test(name));
    // With their times: otherwise, the kernels would look older than their sources.
    execFileSync('cp', ['-a', ...entries, this.folder], { cwd: original });
    this.linkPackages(original);
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
    removeFolder(this.folder);
  }

  /**
   * Links every file of node_modules. If the folder itself were linked, the compiler would find the packages at other paths than in
   * the last build, and compile everything again.
   */
  private linkPackages(original: string): void {
    linkFolder(join(original, 'node_modules'), this.folder);
    // Vite writes into these.
    for (const cache of ['.vite', '.vite-temp', '.cache']) {
      rmSync(join(this.folder, 'node_modules', cache), { recursive: true, force: true });
    }
  }
}
