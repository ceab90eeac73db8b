import type { Dataset } from '../../dataset.js';
import { IMAGENET } from '../../images/normalisation.js';
import { openFiles } from '../files/files-dataset.js';
import type { Opening } from '../files/files-options.js';
import { refuseSharedIds } from '../files/image-files.js';
import { CITYSCAPES_CLASSES, CITYSCAPES_IGNORE_INDEX } from './classes.js';
import { scanCityscapes } from './scan.js';

/**
 * Opens Cityscapes in the layout of its archives (docs/datasets.md). TEST is empty, because the published labels of the
 * test images are dummies.
 *
 * @param directory the folder that contains leftImg8bit and gtFine
 * @param opening see `openFiles`
 * @throws DatasetError that lists every problem.
 */
export function openCityscapes(name: string, directory: string, opening: Opening = {}): Promise<Dataset> {
  return open('cityscapes', name, directory, opening);
}

/** The same with the images of train_extra. They are unlabelled in every split; their coarse labels are not read. */
export function openCityscapesExtra(name: string, directory: string, opening: Opening = {}): Promise<Dataset> {
  return open('cityscapes_extra', name, directory, opening);
}

async function open(
  kind: 'cityscapes' | 'cityscapes_extra',
  name: string,
  directory: string,
  opening: Opening,
): Promise<Dataset> {
  const problems: string[] = [];
  const files = {
    TRAIN: await scanCityscapes(directory, 'train', problems),
    VAL: await scanCityscapes(directory, 'val', problems),
    TEST: [],
  };
  const unlabelled = kind === 'cityscapes' ? [] : await scanCityscapes(directory, 'train_extra', problems);
  refuseSharedIds(files.TRAIN, unlabelled, problems);
  return openFiles(
    {
      name,
      kind,
      directory,
      classes: CITYSCAPES_CLASSES,
      ignoreIndex: CITYSCAPES_IGNORE_INDEX,
      channels: 3,
      normalisation: IMAGENET,
      files,
      unlabelled,
      problems,
    },
    opening,
  );
}
