import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathIn } from '../../words.js';
import { DEFAULT_CHANNELS } from '../classes-file.js';
import type { ImageFiles } from '../files/image-files.js';
import type { Layout, ScanReport } from '../layout.js';
import { ownClasses, plainClasses } from '../own-classes.js';
import { VOC_CLASSES, VOC_IGNORE_INDEX } from './classes.js';
import { scanVoc } from './scan.js';

const MARK = 'JPEGImages';
const WITHIN = 'VOC2012';

/** PASCAL's ids: a year and a number. */
const PASCAL_ID = /^\d{4}_\d{6}$/;

/**
 * PASCAL VOC 2012 in the layout of its archives, and own data in that layout, as CVAT and Labelme write it (docs/datasets.md).
 * The folder is VOCdevkit, or VOC2012 inside it.
 */
export const VOC: Layout = {
  kind: 'voc',
  mark: MARK,
  recognises: (folder) => existsSync(join(rootOf(folder), MARK)),
  async scan(folder, report) {
    const root = rootOf(folder);
    const own = await ownClasses(root);
    const { classes, ignoreIndex, coding, codingText, channels, normalisation } =
      own ?? plainClasses(VOC_CLASSES, VOC_IGNORE_INDEX);
    const { files, unlabelled } = await scanVoc(root, coding, own !== null, report.problems);
    if (!own) warnUnlessPascal(folder, files.TRAIN, report);
    return {
      ...{ classes, ignoreIndex, normalisation, files, unlabelled },
      channels: channels ?? DEFAULT_CHANNELS,
      coding: codingText,
    };
  },
};

function rootOf(folder: string): string {
  const within = join(folder, WITHIN);
  return existsSync(within) ? within : folder;
}

/** Own data without a list of its classes would be trained with PASCAL's names. */
function warnUnlessPascal(folder: string, train: readonly ImageFiles[], { warnings }: ScanReport): void {
  const stranger = train.find(({ id, image }) => !PASCAL_ID.test(id) || !image.endsWith('.jpg'));
  if (!stranger) return;
  warnings.push(
    `the classes are taken to be the 21 of PASCAL VOC (1 is aeroplane), but ${pathIn(folder, stranger.image)} is not named like PASCAL's images; ` +
      'if the classes are your own, list them in classes.json or, in the order of their values, in class_names.txt',
  );
}
