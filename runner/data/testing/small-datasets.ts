import { rm } from 'node:fs/promises';
import { afterAll } from 'vitest';
import type { OpenDataset } from '../dataset.js';
import { problemsOf } from './problems.js';
import { type Content, openDetected, smallFiles, written } from './small-files.js';

/** Opens variations of the small folder dataset. Their folders are removed after the tests of the file. */
export function smallDatasets() {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  /** Opens the dataset with some files changed, and null for those to leave out. */
  const changed = async (changes: Record<string, Content | null>): Promise<OpenDataset> => {
    const files = Object.entries({ ...smallFiles(), ...changes }).filter(([, content]) => content !== null);
    const folder = await written(Object.fromEntries(files) as Record<string, Content>);
    folders.push(folder);
    return openDetected(folder);
  };

  /** The problems, with paths in the folder. */
  const problemsWith = async (changes: Record<string, Content | null>): Promise<string[]> => {
    const problems = await problemsOf(changed(changes));
    return problems.map((problem) => problem.replaceAll(`${folders.at(-1)}/`, ''));
  };

  return { folders, changed, problemsWith };
}
