import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../dataset.js';
import { IMAGENET } from '../../images/normalisation.js';
import { openFiles } from '../files/files-dataset.js';
import type { Opening } from '../files/files-options.js';
import { VOC_CLASSES, VOC_IGNORE_INDEX } from './classes.js';
import { scanVoc } from './scan.js';

/**
 * Opens PASCAL VOC 2012 in the layout of its archives (docs/datasets.md).
 *
 * @param directory VOCdevkit, or VOC2012 inside it
 * @param opening see `openFiles`
 * @throws DatasetError that lists every problem.
 */
export async function openVoc(name: string, directory: string, opening: Opening = {}): Promise<Dataset> {
  const within = join(directory, 'VOC2012');
  const problems: string[] = [];
  const files = await scanVoc(existsSync(within) ? within : directory, problems);
  return openFiles(
    {
      name,
      kind: 'voc',
      directory,
      classes: VOC_CLASSES,
      ignoreIndex: VOC_IGNORE_INDEX,
      channels: 3,
      normalisation: IMAGENET,
      files,
      unlabelled: [],
      problems,
    },
    opening,
  );
}
