import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import type { ClassInfo } from '../../dataset.js';
import { IMAGE_EXTENSIONS, LABEL_EXTENSIONS } from '../files/image-files.js';
import { type SubsetPlaces, scanSubsets } from '../files/scan-subsets.js';
import { subsetFolder, usualName } from '../files/subset-folders.js';
import type { Layout } from '../layout.js';
import { ownClasses, plainClasses } from '../own-classes.js';

/** In the order of their values, with the colours of the toolkit of PST900. */
const PST900_CLASSES: readonly ClassInfo[] = [
  { name: 'background', color: [0, 0, 0] },
  { name: 'fire extinguisher', color: [255, 0, 0] },
  { name: 'backpack', color: [0, 255, 0] },
  { name: 'hand drill', color: [0, 0, 255] },
  { name: 'survivor', color: [255, 255, 255] },
];

/**
 * PST900 in the layout of its archive: colours, thermal images of 8 bits and labels of the same names. `channels` in classes.json
 * may choose only the colours (3) or only the thermal images (1). thermal_raw/ and depth/ are not read.
 */
export const PST900: Layout = {
  kind: 'pst900',
  mark: 'train/rgb and train/labels',
  recognises: (folder) => ['rgb', 'labels'].every((each) => existsSync(join(folder, 'train', each))),
  async scan(folder, report) {
    const own = (await ownClasses(folder)) ?? plainClasses(PST900_CLASSES);
    const channels = own.channels ?? 4;
    const placesOf = (subset: Subset): SubsetPlaces | null => {
      const name = subsetFolder(folder, subset, report.problems);
      if (name === null && subset !== 'TRAIN') return null;
      const place = (each: string, extensions = IMAGE_EXTENSIONS) => ({
        folder: join(folder, name ?? usualName(subset), each),
        extensions,
      });
      return {
        images: place(channels === 1 ? 'thermal' : 'rgb'),
        labels: place('labels', LABEL_EXTENSIONS),
        thermal: channels === 4 ? place('thermal') : null,
      };
    };
    const places = { TRAIN: placesOf('TRAIN'), VAL: placesOf('VAL'), TEST: placesOf('TEST') };
    return scanSubsets(folder, places, own, report, channels);
  },
};
