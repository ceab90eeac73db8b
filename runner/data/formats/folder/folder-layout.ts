import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSES_FILE, DEFAULT_CHANNELS, readClassesFile } from '../classes-file.js';
import type { Layout } from '../layout.js';
import { scanSubset, scanTrain, scanUnlabelled } from './scan.js';

/** A folder with classes.json and train/, val/ and test/ (docs/datasets.md). */
export const FOLDER: Layout = {
  kind: 'folder',
  mark: `${CLASSES_FILE} and train`,
  recognises: (folder) =>
    existsSync(join(folder, CLASSES_FILE)) &&
    ['train', 'val', 'test'].some((each) => existsSync(join(folder, each, 'images'))),
  async scan(folder, { problems }) {
    const { classes, ignoreIndex, channels, normalisation, coding, codingText } = await readClassesFile(folder);
    const how = { channels, coding, problems };
    const train = await scanTrain(folder, how);
    const files = {
      TRAIN: train.labelled,
      VAL: await scanSubset(folder, 'VAL', how),
      TEST: await scanSubset(folder, 'TEST', how),
    };
    const apart = await scanUnlabelled(folder, [...train.labelled, ...train.unlabelled], how);
    return {
      ...{ classes, ignoreIndex, normalisation, files },
      channels: channels ?? DEFAULT_CHANNELS,
      unlabelled: [...train.unlabelled, ...apart],
      coding: codingText,
    };
  },
};
