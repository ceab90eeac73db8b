import { rm } from 'node:fs/promises';
import { afterAll } from 'vitest';
import type { OpenDataset } from '../dataset.js';
import { problemsOf } from './problems.js';
import { type Content, openDetected, written } from './small-files.js';

type Files = Readonly<Record<string, Content>>;

/** Opens datasets of given files, and removes them after all tests of the spec. Messages have paths in the folder. */
export function writtenDatasets() {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
  const relative = (lines: readonly string[]) => lines.map((line) => line.replaceAll(`${folders.at(-1)}/`, ''));

  async function open(files: Files): Promise<OpenDataset> {
    const folder = await written(files);
    folders.push(folder);
    return openDetected(folder);
  }

  return {
    open,
    problemsWith: async (files: Files) => relative(await problemsOf(open(files))),
    warningsWith: async (files: Files) => relative((await open(files)).descriptor.warnings),
  };
}
