import { join } from 'node:path';
import { DEFAULT_CHANNELS } from '../classes-file.js';
import { LABEL_EXTENSIONS } from '../files/image-files.js';
import { labelFolder } from '../files/label-folder.js';
import { hasSubsetFolders, subsetFolder, usualName } from '../files/subset-folders.js';
import type { Layout } from '../layout.js';
import { requireClasses } from '../own-classes.js';
import { scanSubset, scanTrain, scanUnlabelled } from './scan.js';

/** A folder with classes.json and train/, val/ and test/ (docs/datasets.md). */
export const FOLDER: Layout = {
  kind: 'folder',
  mark: 'train/images',
  recognises: (folder) => hasSubsetFolders(folder, 'images'),
  async scan(folder, { problems }) {
    const train = join(folder, subsetFolder(folder, 'TRAIN', []) ?? usualName('TRAIN'));
    const labels = join(train, labelFolder(train, []));
    const own = await requireClasses(folder, [{ folder: labels, extensions: LABEL_EXTENSIONS }]);
    const { classes, ignoreIndex, channels, normalisation, coding, codingText } = own;
    const how = { channels, coding, problems };
    const { labelled, unlabelled } = await scanTrain(folder, how);
    const files = {
      TRAIN: labelled,
      VAL: await scanSubset(folder, 'VAL', how),
      TEST: await scanSubset(folder, 'TEST', how),
    };
    const apart = await scanUnlabelled(folder, [...labelled, ...unlabelled], how);
    return {
      ...{ classes, ignoreIndex, normalisation, files },
      channels: channels ?? DEFAULT_CHANNELS,
      unlabelled: [...unlabelled, ...apart],
      coding: codingText,
    };
  },
};
