import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathIn } from '../../words.js';
import { LABEL_FOLDERS, labelFolder } from '../files/label-folder.js';
import { listedPlaces, scanListed } from '../files/scan-listed.js';
import { hasSubsetFolders } from '../files/subset-folders.js';
import { SubsetLists } from '../files/subset-lists.js';
import type { Layout } from '../layout.js';
import { MFNET } from '../mfnet/mfnet-layout.js';
import { requireClasses } from '../own-classes.js';
import { scanTrees } from '../trees/tree-layout.js';
import { ADE, COCO_STUFF, FTNET, MMSEGMENTATION } from '../trees/trees.js';

const LABELS = [...LABEL_FOLDERS, 'mask'];

/**
 * What people call the two folders, the usual name first, and the other layouts that consist of such folders too. Published
 * datasets have classes of their own, and those of FTNet and MMSegmentation have subsets.
 */
const FOLDERS: readonly { images: string; labels: readonly string[]; others: readonly Layout[] }[] = [
  { images: 'images', labels: LABELS, others: [MFNET, ADE, COCO_STUFF] },
  { images: 'image', labels: LABELS, others: [FTNET] },
  { images: 'img_dir', labels: ['ann_dir'], others: [MMSEGMENTATION] },
];

/**
 * A folder of images and a folder of labels. The subsets are folders in both, or lists in the root. Without either, all images are
 * training images.
 */
export const PAIRS: Layout = {
  kind: 'pairs',
  mark: `images with ${LABEL_FOLDERS.join(' or ')}`,
  recognises: (folder) => foldersIn(folder).some(({ others }) => others.every((layout) => !layout.recognises(folder))),
  async scan(folder, report) {
    const [{ images, labels: names } = FOLDERS[0]!, other] = foldersIn(folder);
    if (other)
      report.problems.push(`${folder}: has both ${images}/ and ${other.images}/; keep the one with the images`);
    const labels = labelFolder(folder, report.problems, names);
    if (hasSubsetFolders(join(folder, images))) {
      const lists = new SubsetLists(folder);
      for (const list of ['train', 'val', 'test'].flatMap((name) => lists.find(name) ?? []))
        report.warnings.push(`${pathIn(folder, list)} is not read, because the folders in ${images} say the subsets`);
      return scanTrees(folder, { images, labels, classes: requireClasses }, report);
    }
    const places = listedPlaces(folder, images, labels);
    return scanListed({ ...places, own: await requireClasses(folder, [places.labels]) }, report);
  },
};

function foldersIn(folder: string): typeof FOLDERS {
  const has = (name: string) => existsSync(join(folder, name));
  return FOLDERS.filter(({ images, labels }) => has(images) && labels.some(has));
}
