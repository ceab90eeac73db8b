import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import type { Channels } from '../../images/pixels.js';
import { IMAGE_EXTENSIONS, type ImageFiles, LABEL_EXTENSIONS, refuseSharedIds } from '../files/image-files.js';
import type { LabelValues } from '../files/label-values.js';
import { listByStem } from '../files/list-files.js';

type Files = ReadonlyMap<string, string>;

/**
 * Matches the files of one subset by their stems, which become the ids; no file is opened. What does not match is added to
 * `problems`.
 *
 * @param channels null: classes.json does not say
 * @returns sorted by name in code unit order, the same on every machine
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

/**
 * The same of `unlabelled/`, which need not be there and has no labels. An id that is one of `train` is a problem too.
 */
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
    problems.push(`${labels}: would not be read; move these labels and their images to ${join(directory, 'train')}`);
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
      `${thermalFolder}: classes.json does not say whether it is used; give it "channels": 4, or 3 to leave it unread`,
    );
  }
  const images = await listByStem(join(root, 'images'), IMAGE_EXTENSIONS, problems);
  // undefined: not part of the layout here; null: it cannot be read.
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
  if (images.size === 0 && !labels?.size) problems.push(`${join(root, 'images')}: holds no image`);
  return files;
}

function refuseWithoutImage(files: Files, images: Files, root: string, problems: string[]): void {
  for (const [id, file] of files) {
    if (images.has(id)) continue;
    problems.push(`${file}: has no image; expected ${join(root, 'images', id)} with .jpg, .jpeg or .png`);
  }
}
