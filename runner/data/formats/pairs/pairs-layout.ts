import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathIn } from '../../words.js';
import { SUBSETS } from '../files/image-files.js';
import { LABEL_FOLDERS } from '../files/label-folder.js';
import { listedPlaces, listOf, scanListed } from '../files/scan-listed.js';
import { hasSubsetFolders } from '../files/subset-folders.js';
import type { Layout } from '../layout.js';
import { MFNET } from '../mfnet/mfnet-layout.js';
import { requireClasses } from '../own-classes.js';
import { scanTrees } from '../trees/tree-layout.js';
import { ADE, COCO_STUFF } from '../trees/trees.js';

const IMAGES = 'images';

/** Published datasets that consist of such folders too, but have classes of their own. */
const SPECIAL = [MFNET, ADE, COCO_STUFF];

/**
 * A folder of images and a folder of labels. The subsets are folders in both, or lists in the root. Without either, all images are
 * training images.
 */
export const PAIRS: Layout = {
  kind: 'pairs',
  mark: `${IMAGES} with ${LABEL_FOLDERS.join(' or ')}`,
  recognises: (folder) =>
    existsSync(join(folder, IMAGES)) &&
    LABEL_FOLDERS.some((name) => existsSync(join(folder, name))) &&
    !SPECIAL.some((layout) => layout.recognises(folder)),
  async scan(folder, report) {
    const [labels = LABEL_FOLDERS[0], other] = LABEL_FOLDERS.filter((name) => existsSync(join(folder, name)));
    if (other !== undefined)
      report.problems.push(`${folder}: has both ${labels}/ and ${other}/; keep the one with the labels`);
    if (hasSubsetFolders(join(folder, IMAGES))) {
      for (const list of SUBSETS.flatMap((subset) => listOf(folder, subset) ?? []))
        report.warnings.push(`${pathIn(folder, list)} is not read, because the folders in ${IMAGES} say the subsets`);
      return scanTrees(folder, { images: IMAGES, labels, classes: requireClasses }, report);
    }
    const places = listedPlaces(folder, IMAGES, labels);
    return scanListed({ ...places, own: await requireClasses(folder, [places.labels]) }, report);
  },
};
