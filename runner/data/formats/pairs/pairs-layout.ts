import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL_FOLDERS, labelFolder } from '../files/label-folder.js';
import { listedPlaces, scanListed } from '../files/scan-listed.js';
import { hasSubsetFolders } from '../files/subset-folders.js';
import { SubsetLists } from '../files/subset-lists.js';
import type { Layout } from '../layout.js';
import { MFNET } from '../mfnet/mfnet-layout.js';
import { requireClasses } from '../own-classes.js';
import { scanTrees } from '../trees/tree-layout.js';
import { ADE, COCO_STUFF, FTNET, MMSEGMENTATION } from '../trees/trees.js';

/** What people call the folders, also without the subsets that other layouts have in them. The first names are the usual ones. */
const IMAGES = ['images', 'image', 'img_dir'];
const LABELS = [...LABEL_FOLDERS, 'mask', 'ann_dir'];

/** Published datasets that consist of such folders too, but have classes of their own. */
const SPECIAL = [MFNET, ADE, COCO_STUFF, FTNET, MMSEGMENTATION];

/**
 * A folder of images and a folder of labels. The subsets are folders in both, or lists in the root. Without either, all images are
 * training images.
 */
export const PAIRS: Layout = {
  kind: 'pairs',
  mark: `${IMAGES[0]} with ${LABEL_FOLDERS.join(' or ')}`,
  recognises: (folder) =>
    [IMAGES, LABELS].every((names) => names.some((name) => existsSync(join(folder, name)))) &&
    !SPECIAL.some((layout) => layout.recognises(folder)),
  async scan(folder, report) {
    const images = IMAGES.find((name) => existsSync(join(folder, name)))!;
    const labels = labelFolder(folder, report.problems, LABELS);
    if (hasSubsetFolders(join(folder, images))) {
      const lists = new SubsetLists(folder);
      for (const list of ['train', 'val', 'test'].flatMap((name) => lists.find(name) ?? []))
        report.warnings.push(`${list} is not read, because the folders in ${join(folder, images)} say the subsets`);
      return scanTrees(folder, { images, labels, classes: requireClasses }, report);
    }
    const places = listedPlaces(folder, images, labels);
    return scanListed({ ...places, own: await requireClasses(folder, [places.labels]) }, report);
  },
};
