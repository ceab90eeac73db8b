import { objectInfo } from '../ade/object-info.js';
import { COCO_STUFF_CLASSES } from '../coco-stuff/classes.js';
import { classesWithoutColours, ownClasses } from '../own-classes.js';
import { treeLayout } from './tree-layout.js';

/** MMSegmentation's layout for own data. */
export const MMSEGMENTATION = treeLayout({
  kind: 'mmsegmentation',
  images: 'img_dir',
  labels: 'ann_dir',
  subsets: null,
});

/** How FTNet packs the thermal datasets SODA, SCUT-Seg and MFNet. */
export const FTNET = treeLayout({ kind: 'ftnet', images: 'image', labels: 'mask', subsets: null, isThermal: true });

/** ADE20K's scene parsing benchmark, and own data in its layout. The value 0 has no class. */
export const ADE = treeLayout({
  kind: 'ade',
  images: 'images',
  labels: 'annotations',
  subsets: ['training', 'validation'],
  classes: objectInfo,
});

/** COCO-Stuff as its README says to unpack it. The values are the ids of its labels.txt minus 1. */
export const COCO_STUFF = treeLayout({
  kind: 'coco_stuff',
  images: 'images',
  labels: 'annotations',
  subsets: ['train2017', 'val2017'],
  classes: async (root) => (await ownClasses(root)) ?? classesWithoutColours(COCO_STUFF_CLASSES),
});
