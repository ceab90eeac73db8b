import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import type { Channels } from '../../images/pixels.js';
import { IMAGE_EXTENSIONS, type ImageFiles, LABEL_EXTENSIONS, refuseSharedIds } from '../files/image-files.js';
import type { LabelValues } from '../files/label-values.js';
import { listByStem } from '../files/list-files.js';

type Files = ReadonlyMap<string, string>;

/**
 * Matches the files of one subset by their stems, which become the ids. No file is opened. Files without a match are
 * added to `problems`.
 *
 * @param channels null if classes.json does not specify them
 * @returns the images, sorted by name in code unit order, which is the same on every machine
 */
export function scanSubset(
  directory: string,
  subset: Subset,
  channels: Channels | null,
  labelValues: LabelValues,
  problems: string[],
): Promise<ImageFiles[]> {
  return scan(join(directory, subset.toLowerCase()), true, channels, labelValues, problems);
}

/** The same for `unlabelled/`, which is optional and has no labels. Using an id of `train` is also a problem. */
export async function scanUnlabelled(
  directory: string,
  train: readonly ImageFiles[],
  channels: Channels | null,
  labelValues: LabelValues,
  problems: string[],
): Promise<ImageFiles[]> {
  const root = join(directory, 'unlabelled');
  if (!existsSync(root)) return [];
  const labels = join(root, 'labels');
  if (existsSync(labels)) {
    problems.push(`${labels}: labels here are not read; move them and their images to ${join(directory, 'train')}`);
  }
  const files = await scan(root, false, channels, labelValues, problems);
  refuseSharedIds(train, files, problems);
  return files;
}

async function scan(
  root: string,
  labelled: boolean,
  channels: Channels | null,
  labelValues: LabelValues,
  problems: string[],
): Promise<ImageFiles[]> {
  const thermalFolder = join(root, 'thermal');
  if (channels === null && existsSync(thermalFolder)) {
    problems.push(
      `${thermalFolder}: classes.json does not say whether to use this folder; set "channels" to 4 to use it, or to 3 to ignore it`,
    );
  }
  const images = await listByStem(join(root, 'images'), IMAGE_EXTENSIONS, problems);
  // undefined: not part of the layout; null: cannot be read.
  const labels = labelled ? await listByStem(join(root, 'labels'), LABEL_EXTENSIONS, problems) : undefined;
  const thermals = channels === 4 ? await listByStem(thermalFolder, IMAGE_EXTENSIONS, problems) : undefined;
  if (!images || labels === null || thermals === null) return [];

  const files: ImageFiles[] = [];
  for (const [id, image] of images) {
    const label = labels?.get(id) ?? null;
    const thermal = thermals?.get(id) ?? null;
    if (labels && !label) problems.push(`${image}: has no label; expected ${join(root, 'labels', `${id}.png`)}`);
    if (thermals && !thermal)
      problems.push(`${image}: has no thermal image; expected ${join(thermalFolder, `${id}.png`)}`);
    if ((!labels || label) && (!thermals || thermal)) files.push({ id, image, thermal, label, labelValues });
  }
  for (const others of [labels, thermals]) if (others) refuseWithoutImage(others, images, root, problems);
  if (images.size === 0 && !labels?.size) problems.push(`${join(root, 'images')}: contains no images`);
  return files;
}

function refuseWithoutImage(files: Files, images: Files, root: string, problems: string[]): void {
  for (const [id, file] of files) {
    if (images.has(id)) continue;
    problems.push(`${file}: has no image; expected ${join(root, 'images', id)} with the extension .jpg, .jpeg or .png`);
  }
}
