import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetDescriptor } from '../../dataset.js';
import type { CheckedDatasets, FilesDatasetOptions } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';

/** To be raised when a dataset is checked or described in another way: what was remembered before is then forgotten. */
const FORMAT = 2;

/** A file that changed so recently may change again without its times telling. */
const SETTLED_MS = 2000;

/** What all files of a dataset look like from outside. */
export interface Stamp {
  /** SHA-256 (hex) over what is read from each file, its size, and the times of its last changes. */
  hash: string;
  /** Whether the newest change lies far enough back for the times to be trusted. */
  settled: boolean;
}

/**
 * The stamp of a dataset. The time of change (ctime) is part of it, which nothing that copies files or sets their dates
 * can keep.
 *
 * @returns null when a file cannot be looked at: checking it will say why.
 */
export async function stampOf(options: FilesDatasetOptions): Promise<Stamp | null> {
  const { kind, classes, ignoreIndex, channels, normalisation } = options;
  const now = Date.now();
  let newest = 0;
  const look = async (file: string): Promise<string> => {
    const { size, mtimeNs, ctimeNs, ctimeMs } = await stat(file, { bigint: true });
    newest = Math.max(newest, Number(ctimeMs));
    return [file, size, mtimeNs, ctimeNs].join(' ');
  };
  const from = (part: string, images: readonly ImageFiles[]) => images.map((files) => ({ part, files }));
  const images = SUBSETS.flatMap((subset) => from(subset, options.files[subset]));
  try {
    const seen = await Promise.all(
      [...images, ...from('UNLABELLED', options.unlabelled)].map(async ({ part, files }) => {
        const there = [files.image, files.label, files.thermal].filter((file) => file !== null);
        return [part, files.id, files.labelValues.allowed, ...(await Promise.all(there.map(look)))];
      }),
    );
    const content = JSON.stringify([FORMAT, kind, classes, ignoreIndex, channels, normalisation, seen]);
    return { hash: createHash('sha256').update(content).digest('hex'), settled: newest < now - SETTLED_MS };
  } catch {
    // Reading the file fails too, and then is said with its name.
    return null;
  }
}

/** What was remembered under this stamp; null when nothing was or, with a warning, when it cannot be read. */
export async function recall(
  { folder, warn }: CheckedDatasets,
  { name, kind, directory }: FilesDatasetOptions,
  stamp: Stamp,
): Promise<DatasetDescriptor | null> {
  const file = fileOf(folder, kind, directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') warn(`dataset "${name}" is checked anew: ${file} cannot be read (${message})`);
    return null;
  }
  try {
    const remembered: { stamp: string; descriptor: DatasetDescriptor } = JSON.parse(text);
    return remembered.stamp === stamp.hash ? { ...remembered.descriptor, name } : null;
  } catch {
    // A damaged memory is none: everything is checked anew and it is written anew.
    return null;
  }
}

/** Remembers what checking a dataset found, in place of what it found the last time; warns when it cannot. */
export async function remember(
  { folder, warn }: CheckedDatasets,
  { name, kind, directory }: FilesDatasetOptions,
  stamp: Stamp,
  descriptor: DatasetDescriptor,
): Promise<void> {
  if (!stamp.settled) return;
  const file = fileOf(folder, kind, directory);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replace(file, JSON.stringify({ stamp: stamp.hash, descriptor }));
  } catch (error) {
    const { message } = error as Error;
    warn(`dataset "${name}" will be checked anew next time: ${file} cannot be written (${message})`);
  }
}

/** Another run of this machine may read the file at any time: the text is there as a whole or not at all. */
async function replace(file: string, text: string): Promise<void> {
  const half = `${file}.${randomUUID()}`;
  try {
    await writeFile(half, text);
    await rename(half, file);
  } finally {
    await rm(half, { force: true });
  }
}

function fileOf(folder: string, kind: string, directory: string): string {
  return join(folder, `${createHash('sha256').update(`${kind} ${directory}`).digest('hex').slice(0, 32)}.json`);
}
