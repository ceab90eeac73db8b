import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../files/list-files.js';
import { listedPlaces, scanListed } from '../files/scan-listed.js';
import type { Layout } from '../layout.js';
import { ownClasses, plainClasses } from '../own-classes.js';
import { MFNET_CLASSES } from './classes.js';

/** A number, and D for day or N for night. */
const MFNET_NAME = /^\d{5}[DN](_flip)?\.png$/;

/** MFNet in the layout of its archive: PNG files of red, green, blue and thermal, their labels, and lists. */
export const MFNET: Layout = {
  kind: 'mfnet',
  mark: 'images, labels and train.txt with names like 00001D',
  recognises: (folder) =>
    ['images', 'labels', 'train.txt'].every((each) => existsSync(join(folder, each))) &&
    namesIn(join(folder, 'images')).some((name) => MFNET_NAME.test(name)),
  async scan(folder, report) {
    const own = (await ownClasses(folder)) ?? plainClasses(MFNET_CLASSES);
    const places = listedPlaces(folder, 'images', 'labels');
    return scanListed({ ...places, own, channels: 4, mirroredAllowed: true }, report);
  },
};
