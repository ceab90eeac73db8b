import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageFiles } from '../files/image-files.js';
import { listFolder } from '../files/list-files.js';
import { LABEL_IDS, TRAIN_IDS } from './classes.js';

const IMAGE_ENDING = '_leftImg8bit.png';
/** The file from the archive comes first, so that the generated one has no effect if both exist. */
const LABEL_FILES = [
  { ending: '_gtFine_labelIds.png', coding: LABEL_IDS },
  { ending: '_gtFine_labelTrainIds.png', coding: TRAIN_IDS },
];

/**
 * Pairs the images and labels of one subset over all cities. An id is `<city>_<sequence>_<frame>`. Other files next to
 * the cities or in a city's folder are ignored, and so are the labels of train_extra.
 *
 * @returns the images, sorted by city and name in code unit order, which is the same on every machine
 */
export async function scanCityscapes(
  root: string,
  subset: 'train' | 'val' | 'train_extra',
  problems: string[],
): Promise<ImageFiles[]> {
  const imageRoot = join(root, 'leftImg8bit', subset);
  const files: ImageFiles[] = [];
  let images = 0;
  const cities = await listFolder(imageRoot, problems);
  for (const { name: city, isFolder } of cities ?? []) {
    // A broken link must not be skipped like a stray file. Listing it reports what is wrong.
    if (!isFolder && existsSync(join(imageRoot, city))) continue;
    const names = (await listFolder(join(imageRoot, city), problems)) ?? [];
    for (const { name } of names.filter((each) => each.name.endsWith(IMAGE_ENDING))) {
      images += 1;
      const id = name.slice(0, -IMAGE_ENDING.length);
      const image = join(imageRoot, city, name);
      const stem = join(root, 'gtFine', subset, city, id);
      const label = LABEL_FILES.find(({ ending }) => existsSync(stem + ending));
      if (subset === 'train_extra') files.push({ id, image, thermal: null, label: null, coding: LABEL_IDS });
      else if (label) {
        files.push({ id, image, thermal: null, label: stem + label.ending, coding: label.coding });
      } else problems.push(`${image}: has no label; expected ${stem}${LABEL_FILES[0]!.ending}`);
    }
  }
  if (cities && images === 0) problems.push(`${imageRoot}: contains no <city>/*${IMAGE_ENDING}`);
  return files;
}
