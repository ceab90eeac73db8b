import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_EXTENSIONS, type ImageFiles, refuseSharedIds } from './image-files.js';
import type { LabelCoding } from './label-coding.js';
import { labelFolder } from './label-folder.js';
import { listPlace } from './list-files.js';

/** In British and in American English. */
export const UNLABELLED: readonly string[] = ['unlabelled', 'unlabeled'];

/**
 * The images that the owner keeps apart, in a folder "unlabelled" of one of `parents` or in its folder "images". Using an id
 * of the other training images is a problem.
 */
export async function scanUnlabelled(
  parents: readonly string[],
  { train, coding }: { train: readonly ImageFiles[]; coding: LabelCoding },
  problems: string[],
): Promise<ImageFiles[]> {
  const found: ImageFiles[] = [];
  const folders = parents.flatMap((parent) => UNLABELLED.map((name) => join(parent, name)));
  for (const folder of folders.filter((each) => existsSync(each))) {
    const within = join(folder, 'images');
    refuseLabels(folder, problems);
    const place = { folder: existsSync(within) ? within : folder, extensions: IMAGE_EXTENSIONS };
    const images = [...((await listPlace(place, problems)) ?? [])];
    const files = images.map(([id, image]) => ({ id, image, thermal: null, label: null, coding }));
    refuseSharedIds([...train, ...found], files, problems);
    found.push(...files);
  }
  return found;
}

/** Labels beside images that are said to have none would be left out. */
export function refuseLabels(folder: string, problems: string[]): void {
  const labels = join(folder, labelFolder(folder, problems));
  if (existsSync(labels))
    problems.push(`${labels}: labels here are not read; move them and their images to the training images`);
}
