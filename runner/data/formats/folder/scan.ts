import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Channels } from '../../images/pixels.js';
import { IMAGE_EXTENSIONS, type ImageFiles, LABEL_EXTENSIONS, refuseSharedIds } from '../files/image-files.js';
import type { LabelCoding } from '../files/label-coding.js';
import { labelFolder } from '../files/label-folder.js';
import { type Paired, pairFiles } from '../files/pair-files.js';
import { subsetFolder, usualName } from '../files/subset-folders.js';
import { refuseLabels, UNLABELLED } from '../files/unlabelled.js';

export interface FolderScan {
  /** Null if classes.json does not specify them. */
  channels: Channels | null;
  coding: LabelCoding;
  problems: string[];
}

/** The training images. Those without a label are unlabelled. */
export function scanTrain(directory: string, how: FolderScan): Promise<Paired> {
  const name = subsetFolder(directory, 'TRAIN', how.problems) ?? usualName('TRAIN');
  return scan(join(directory, name), true, how);
}

/** The images of another subset; none if it does not exist. Each must have a label. */
export async function scanSubset(directory: string, subset: 'VAL' | 'TEST', how: FolderScan): Promise<ImageFiles[]> {
  const name = subsetFolder(directory, subset, how.problems);
  return name === null ? [] : (await scan(join(directory, name), false, how)).labelled;
}

/** The images in `unlabelled/`, which is optional and has no labels. Using an id of `train` is a problem. */
export async function scanUnlabelled(
  directory: string,
  train: readonly ImageFiles[],
  how: FolderScan,
): Promise<ImageFiles[]> {
  const { problems } = how;
  const [root, other] = UNLABELLED.map((name) => join(directory, name)).filter((path) => existsSync(path));
  if (root === undefined) return [];
  if (other !== undefined) problems.push(`${directory}: has both ${root} and ${other}; keep one of them`);
  refuseLabels(root, problems);
  const { labelled } = await scan(root, null, how);
  refuseSharedIds(train, labelled, problems);
  return labelled;
}

/** @param partly whether images may have no label; null if none has one */
function scan(root: string, partly: boolean | null, { channels, coding, problems }: FolderScan): Promise<Paired> {
  const thermal = join(root, 'thermal');
  if (channels === null && existsSync(thermal)) {
    problems.push(
      `${thermal}: classes.json does not say whether to use this folder; set "channels" to 4 to use it, or to 3 to ignore it`,
    );
  }
  return pairFiles(
    {
      images: { folder: join(root, 'images'), extensions: IMAGE_EXTENSIONS },
      labels:
        partly === null ? null : { folder: join(root, labelFolder(root, problems)), extensions: LABEL_EXTENSIONS },
      thermal: channels === 4 ? { folder: thermal, extensions: IMAGE_EXTENSIONS } : null,
      coding,
      partly: partly ?? false,
    },
    problems,
  );
}
