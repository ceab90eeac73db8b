import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Subset } from '../../tracking/tracker.js';

const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png'];
const LABEL_EXTENSIONS = ['.png'];

/** An image and its label: paths of two files with one stem. */
export interface FilePair {
  id: string;
  image: string;
  label: string;
}

export interface SubsetScan {
  /** Sorted by id in code unit order, the same on every machine. */
  pairs: FilePair[];
  problems: string[];
}

/** Pairs the images and labels of one subset by their stems, which become the ids; no file is opened. */
export async function scanSubset(directory: string, subset: Subset): Promise<SubsetScan> {
  const root = join(directory, subset.toLowerCase());
  const problems: string[] = [];
  const images = await listByStem(join(root, 'images'), IMAGE_EXTENSIONS, problems);
  const labels = await listByStem(join(root, 'labels'), LABEL_EXTENSIONS, problems);
  if (!images || !labels) return { pairs: [], problems };

  const pairs: FilePair[] = [];
  for (const [id, image] of images) {
    const label = labels.get(id);
    if (label) pairs.push({ id, image, label });
    else problems.push(`${image}: has no label; expected ${join(root, 'labels', `${id}.png`)}`);
  }
  for (const [id, label] of labels) {
    if (!images.has(id)) {
      problems.push(`${label}: has no image; expected ${join(root, 'images', id)} with .jpg, .jpeg or .png`);
    }
  }
  if (images.size === 0 && labels.size === 0) problems.push(`${join(root, 'images')}: holds no image`);
  return { pairs, problems };
}

/** The folder's files by stem, sorted; null, with the problem noted, when it cannot be read. Hidden files are skipped. */
async function listByStem(
  folder: string,
  extensions: readonly string[],
  problems: string[],
): Promise<Map<string, string> | null> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'no such folder' : `cannot be read (${(error as Error).message})`;
    problems.push(`${folder}: ${reason}; see docs/datasets.md for the layout`);
    return null;
  }
  const files = new Map<string, string>();
  for (const name of names.filter((entry) => !entry.startsWith('.')).sort()) {
    const { name: stem, ext } = parse(name);
    const file = join(folder, name);
    const other = files.get(stem);
    if (!extensions.includes(ext.toLowerCase())) problems.push(`${file}: allowed here: ${extensions.join(', ')}`);
    else if (other) problems.push(`${file}: has the same stem as ${other}; keep one`);
    else files.set(stem, file);
  }
  return files;
}
