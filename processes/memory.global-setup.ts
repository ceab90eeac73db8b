import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** A file system in memory, on Linux. */
const MEMORY = '/dev/shm';
/** Many times what a project's specs need. */
const NEEDED_BYTES = 3 * 2 ** 30;

/**
 * Puts the temporary files of a project's specs into memory, if there is room and TMPDIR does not say otherwise. Specs create
 * many small files and make sure that they are stored, for which a disk takes many times as long.
 */
export default function setup(project: TestProject): (() => void) | undefined {
  if (process.env.TMPDIR || !hasRoom()) return;
  const folder = mkdtempSync(join(MEMORY, 'crosscheck-tests-'));
  // As open as /tmp, for PostgreSQL's user.
  chmodSync(folder, 0o1777);
  project.config.env = { ...project.config.env, TMPDIR: folder };
  return () => rmSync(folder, { recursive: true, force: true });
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY) || freemem() < NEEDED_BYTES) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= NEEDED_BYTES;
}

/** Where the project's specs have their temporary files, and whether that is in memory. */
export function temporaryFolder(project: TestProject): { path: string; inMemory: boolean } {
  const TMPDIR = project.config.env?.TMPDIR;
  return { path: TMPDIR ?? tmpdir(), inMemory: TMPDIR !== undefined };
}
