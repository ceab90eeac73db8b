import { rm } from 'node:fs/promises';
import { afterAll } from 'vitest';
import type { ClassInfo, OpenDataset } from '../dataset.js';
import { problemsOf } from './problems.js';
import { type Content, openDetected, smallFiles, written } from './small-files.js';

export const GROUND = { name: 'ground' };
export const RUST = { name: 'rust' };
export const BLACK_RED: ClassInfo[] = [
  { ...GROUND, color: [0, 0, 0] },
  { ...RUST, color: [128, 0, 0] },
];

/** The content of classes.json. */
export const classes = (...list: object[]) => ({ classes: list });

/** The first pixels of a training image's label. */
export async function labelsOf(dataset: OpenDataset, id: string): Promise<number[]> {
  return [...(await dataset.load('TRAIN', id)).labels.slice(0, 4)];
}

/** Opens datasets of a few small files. Their folders are removed after the tests of the file. */
export function smallDatasets() {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  /** Opens a dataset of these files. */
  const open = async (files: Record<string, Content>): Promise<OpenDataset> => {
    const folder = await written(files);
    folders.push(folder);
    return openDetected(folder);
  };

  /** Opens the small folder dataset with some files changed, and null for those to leave out. */
  const changed = (changes: Record<string, Content | null>): Promise<OpenDataset> => {
    const files = Object.entries({ ...smallFiles(), ...changes }).filter(([, content]) => content !== null);
    return open(Object.fromEntries(files) as Record<string, Content>);
  };

  /** The problems of a dataset, with paths in its folder. */
  const problemsIn = async (opened: Promise<OpenDataset>): Promise<string[]> => {
    const problems = await problemsOf(opened);
    return problems.map((problem) => problem.replaceAll(`${folders.at(-1)}/`, ''));
  };
  const problemsWith = (changes: Record<string, Content | null>) => problemsIn(changed(changes));

  return { folders, open, changed, problemsIn, problemsWith };
}
