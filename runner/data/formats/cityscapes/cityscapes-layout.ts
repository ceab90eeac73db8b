import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGENET } from '../../images/normalisation.js';
import { CLASSES_FILE } from '../classes-file.js';
import { refuseSharedIds } from '../files/image-files.js';
import type { Layout, Scan, ScanReport } from '../layout.js';
import { CITYSCAPES_CLASSES, CITYSCAPES_IGNORE_INDEX } from './classes.js';
import { scanCityscapes } from './scan.js';
import { trainIdsAsLabelIds } from './train-ids.js';

const MARK = 'leftImg8bit';

/**
 * Cityscapes in the layout of its archives (docs/datasets.md): a folder that contains leftImg8bit and gtFine. TEST is empty,
 * because the published labels of the test images are dummies.
 */
export const CITYSCAPES: Layout = {
  kind: 'cityscapes',
  mark: MARK,
  recognises: (folder) => existsSync(join(folder, MARK)),
  scan: (folder, report) => scan(folder, false, report),
};

/**
 * The same with the images of train_extra. They are unlabelled in every split; their coarse labels are not read. It is never
 * detected, because recipes expect plain Cityscapes.
 */
export const CITYSCAPES_EXTRA: Layout = {
  kind: 'cityscapes_extra',
  mark: `${MARK}/train_extra`,
  recognises: () => false,
  scan: (folder, report) => scan(folder, true, report),
};

async function scan(folder: string, withExtra: boolean, { problems, warnings }: ScanReport): Promise<Scan> {
  if (existsSync(join(folder, CLASSES_FILE)))
    warnings.push(`${CLASSES_FILE} is not read, because the classes are those of Cityscapes`);
  const files = {
    TRAIN: await scanCityscapes(folder, 'train', problems),
    VAL: await scanCityscapes(folder, 'val', problems),
    TEST: [],
  };
  const unlabelled = withExtra ? await scanCityscapes(folder, 'train_extra', problems) : [];
  refuseSharedIds(files.TRAIN, unlabelled, problems);
  return {
    classes: CITYSCAPES_CLASSES,
    ignoreIndex: CITYSCAPES_IGNORE_INDEX,
    channels: 3,
    normalisation: IMAGENET,
    ...{ files, unlabelled, coding: null },
    inspect: trainIdsAsLabelIds,
  };
}
