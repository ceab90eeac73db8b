import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fills a folder with files that nothing may touch, at the places that a false server names. */
export function fillWithVictims(root: string): void {
  for (const folder of ['victim/deep', 'x', 'attempts', 'blobs']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['victim/file', 'victim/deep/file', 'x/file', 'attempts/file', 'blobs/file', 'file']) {
    writeFileSync(join(root, file), `the content of ${file}`);
  }
}

/** Every name below a folder, except the folders in `without`, with its kind, size, time of change and content. */
export function snapshot(root: string, without: readonly string[]): string[] {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const found = lstatSync(path);
    const about = `${path} ${found.mode} ${found.mtimeMs}`;
    if (found.isDirectory()) {
      lines.push(about);
      const names = readdirSync(path).sort();
      for (const name of names) if (!without.includes(join(path, name))) visit(join(path, name));
    } else {
      const content = found.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
      lines.push(`${about} ${found.size} ${createHash('sha256').update(content).digest('hex')}`);
    }
  };
  visit(root);
  return lines;
}
