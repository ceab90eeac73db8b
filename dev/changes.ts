import { once } from 'node:events';
import { relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { say } from './output.js';
import { root } from './places.js';

/** Editors, git and code generators write several files at once: a batch ends after a pause this long. */
const QUIET_MS = 80;
const WATCHED_FILES = /\.(tsx?|json|graphql|mjs|cc|h)$/;
/** Written by tools. */
const IGNORED_FOLDERS = /(^|\/)(node_modules|dist|\..+)$/;

/** Source files that were added, changed or removed, in batches. */
export class Changes {
  private readonly paths = new Set<string>();
  private wake: (() => void) | null = null;
  private quiet: NodeJS.Timeout | null = null;
  private closed = false;

  private constructor(private readonly watcher: FSWatcher) {
    watcher.on('all', (event, path) => {
      if (event === 'add' || event === 'change' || event === 'unlink') this.add(path.split(sep).join('/'));
    });
  }

  /** Resolves once it is watching. @param paths files and folders, relative to the root */
  static async of(paths: string[]): Promise<Changes> {
    const watcher = watch(paths, {
      cwd: root,
      ignoreInitial: true,
      ignored: (path, stats) => {
        const below = relative(root, path).split(sep).join('/');
        return stats?.isFile() ? !WATCHED_FILES.test(below) : IGNORED_FOLDERS.test(below);
      },
    });
    const changes = new Changes(watcher);
    watcher.on('error', (error) => say('dev', `cannot watch the sources: ${(error as Error).message}`));
    await once(watcher, 'ready');
    return changes;
  }

  /** Waits for changes. @returns the paths changed since the last call, relative to the root; none once closed */
  async next(): Promise<string[]> {
    while ((this.paths.size === 0 || this.quiet) && !this.closed) {
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
    const paths = this.closed ? [] : [...this.paths];
    this.paths.clear();
    return paths;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.quiet) clearTimeout(this.quiet);
    this.wake?.();
    await this.watcher.close();
  }

  private add(path: string): void {
    this.paths.add(path);
    if (this.quiet) clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.quiet = null;
      this.wake?.();
    }, QUIET_MS);
  }
}
