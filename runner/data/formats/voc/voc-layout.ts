import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '../../dataset-error.js';
import { pathIn } from '../../words.js';
import { type ClassesFile, DEFAULT_CHANNELS } from '../classes-file.js';
import type { ImageFiles } from '../files/image-files.js';
import { listedPlaces, scanListed } from '../files/scan-listed.js';
import type { Layout, Scan, ScanReport } from '../layout.js';
import { ownClasses, plainClasses } from '../own-classes.js';
import { VOC_CLASSES, VOC_IGNORE_INDEX } from './classes.js';
import { AUGMENTED, IMAGES, LABELS, LISTS, scanPascal } from './scan.js';

const WITHIN = 'VOC2012';
/** The labels of Labelme's scripts, whose SegmentationClass may hold NumPy files. */
const LABELME_LABELS = 'SegmentationClassPNG';
/** What CVAT calls the list of images that are in no subset. */
const WHOLE_LIST = 'default';

/** PASCAL's ids: a year and a number. */
const PASCAL_ID = /^\d{4}_\d{6}$/;

/**
 * PASCAL VOC 2012 in the layout of its archives, and own data in that layout, as CVAT and Labelme write it (docs/datasets.md).
 * The folder is VOCdevkit, or VOC2012 inside it.
 */
export const VOC: Layout = {
  kind: 'voc',
  mark: IMAGES,
  recognises: (folder) => existsSync(join(rootOf(folder), IMAGES)),
  async scan(folder, report) {
    const root = rootOf(folder);
    const own = await classesIn(folder, root);
    if (own && !existsSync(join(root, AUGMENTED))) return scanOwn(folder, own, report);
    const { classes, ignoreIndex, coding, codingText, channels, normalisation } =
      own ?? plainClasses(VOC_CLASSES, VOC_IGNORE_INDEX);
    const { files, others } = await scanPascal(root, coding, own !== null, report.problems);
    if (!own) warnUnlessPascal(folder, files.TRAIN, report);
    return {
      ...{ classes, ignoreIndex, normalisation, files, unlabelled: own ? others : [] },
      channels: channels ?? DEFAULT_CHANNELS,
      coding: codingText,
    };
  },
};

function rootOf(folder: string): string {
  const within = join(folder, WITHIN);
  return existsSync(within) ? within : folder;
}

/** Some people list their classes beside VOC2012, and some in it. @throws DatasetError */
async function classesIn(folder: string, root: string): Promise<ClassesFile | null> {
  const own = await ownClasses(root);
  const beside = root === folder ? null : await ownClasses(folder);
  if (own && beside)
    throw new DatasetError(folder, [`has lists of classes both beside ${WITHIN} and in it; keep one of them`]);
  return own ?? beside;
}

/** Own data has partly labelled training images, and lists as the owner likes. Other files beside them are allowed. */
function scanOwn(folder: string, own: ClassesFile, report: ScanReport): Promise<Scan> {
  const root = rootOf(folder);
  const labelFolder = [LABELME_LABELS, LABELS].find((name) => existsSync(join(root, name))) ?? LABELS;
  const { images, labels } = listedPlaces(root, IMAGES, labelFolder);
  const places = { images: { ...images, othersAllowed: true }, labels: { ...labels, othersAllowed: true } };
  return scanListed({ root: folder, ...places, own, listFolder: join(root, LISTS), moreTrain: WHOLE_LIST }, report);
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
