import type { Subset } from '../../../tracking/tracker.js';
import type { Dataset } from '../../dataset.js';
import { openFiles } from '../files/files-dataset.js';
import type { Opening } from '../files/files-options.js';
import { classIndices } from '../files/label-values.js';
import { DEFAULT_CHANNELS, readClassesFile } from './classes-file.js';
import { scanSubset, scanUnlabelled } from './scan.js';

/**
 * Opens a folder dataset (docs/datasets.md).
 *
 * @param opening see `openFiles`
 * @throws DatasetError that lists every problem in the folder.
 */
export async function openFolder(name: string, directory: string, opening: Opening = {}): Promise<Dataset> {
  const { classes, ignoreIndex, channels, normalisation } = await readClassesFile(directory);
  const values = classIndices(classes.length, ignoreIndex);
  const problems: string[] = [];
  const scan = (subset: Subset) => scanSubset(directory, subset, channels, values, problems);
  const files = { TRAIN: await scan('TRAIN'), VAL: await scan('VAL'), TEST: await scan('TEST') };
  const unlabelled = await scanUnlabelled(directory, files.TRAIN, channels, values, problems);
  return openFiles(
    {
      name,
      kind: 'folder',
      directory,
      classes,
      ignoreIndex,
      channels: channels ?? DEFAULT_CHANNELS,
      normalisation,
      files,
      unlabelled,
      problems,
    },
    opening,
  );
}
