import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../tracking/tracker.js';
import type { Channels } from '../dataset.js';
import { IMAGE_EXTENSIONS, type ImageFiles, LABEL_EXTENSIONS } from '../files/image-files.js';
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
export async function scanSubset(
  directory: string,
  subset: Subset,
  channels: Channels | null,
  labelValues: LabelValues,
  problems: string[],
): Promise<ImageFiles[]> {
  const root = join(directory, subset.toLowerCase());
  const thermalFolder = join(root, 'thermal');
  if (channels === null && existsSync(thermalFolder)) {
    problems.push(
      `${thermalFolder}: classes.json does not say whether it is used; give it "channels": 4, or 3 to leave it unread`,
    );
  }
  const images = await listByStem(join(root, 'images'), IMAGE_EXTENSIONS, problems);
  const labels = await listByStem(join(root, 'labels'), LABEL_EXTENSIONS, problems);
  const thermals = channels === 4 ? await listByStem(thermalFolder, IMAGE_EXTENSIONS, problems) : null;
  if (!images || !labels || (channels === 4 && !thermals)) return [];

  const files: ImageFiles[] = [];
  for (const [id, image] of images) {
    const label = labels.get(id);
    const thermal = thermals?.get(id) ?? null;
    if (!label) problems.push(`${image}: has no label; expected ${join(root, 'labels', `${id}.png`)}`);
    if (thermals && !thermal)
      problems.push(`${image}: has no thermal image; expected ${join(thermalFolder, `${id}.png`)}`);
    if (label && (!thermals || thermal)) files.push({ id, image, thermal, label, labelValues });
  }
  for (const others of thermals ? [labels, thermals] : [labels]) refuseWithoutImage(others, images, root, problems);
  if (images.size === 0 && labels.size === 0) problems.push(`${join(root, 'images')}: holds no image`);
  return files;
}

function refuseWithoutImage(files: Files, images: Files, root: string, problems: string[]): void {
  for (const [id, file] of files) {
    if (images.has(id)) continue;
    problems.push(`${file}: has no image; expected ${join(root, 'images', id)} with .jpg, .jpeg or .png`);
  }
}
