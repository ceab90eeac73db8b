import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import { readIdList } from '../files/id-list.js';
import type { ImageFiles } from '../files/image-files.js';
import { classIndices } from '../files/label-values.js';
import { listFolder } from '../files/list-files.js';
import { VOC_CLASSES, VOC_IGNORE_INDEX } from './classes.js';

interface Folder {
  path: string;
  names: ReadonlySet<string>;
}

/** The usual name of the augmented training list, and its name in mmsegmentation. */
const AUGMENTED_LISTS = ['train_aug', 'trainaug'];

const LABEL_VALUES = classIndices(VOC_CLASSES.length, VOC_IGNORE_INDEX);

/**
 * Finds the files of VOC's segmentation lists. With SegmentationClassAug, the training images are those of the
 * augmented list. Without such a list, they are those of train.txt and every image that SegmentationClassAug has a
 * label for, except those in val.txt. If SegmentationClassAug has no label for an image, the label comes from
 * SegmentationClass. Without SegmentationClassAug, training uses SegmentationClass and train.txt. Validation uses the
 * labels of SegmentationClass. TEST is empty, because its labels are not public.
 *
 * @param root the folder that contains JPEGImages
 */
export async function scanVoc(root: string, problems: string[]): Promise<Record<Subset, ImageFiles[]>> {
  const listFile = (name: string) => join(root, 'ImageSets', 'Segmentation', `${name}.txt`);
  const images = await openFolder(join(root, 'JPEGImages'), problems);
  const augmented = await openIfThere(join(root, 'SegmentationClassAug'), problems);
  // Some people have only the augmented labels, which include those of the validation images.
  const plain = augmented
    ? await openIfThere(join(root, 'SegmentationClass'), problems)
    : await openFolder(join(root, 'SegmentationClass'), problems);

  const val = existsSync(listFile('val')) ? await readIdList(listFile('val'), problems) : null;
  const augmentedList = augmented && AUGMENTED_LISTS.find((name) => existsSync(listFile(name)));
  const trainList = augmentedList ?? 'train';
  let train: string[] = [];
  if (!augmented || augmentedList) train = await readIdList(listFile(trainList), problems);
  else if (val) {
    const more = outside(val, augmented);
    if (more.length === 0)
      problems.push(`${augmented.path}: contains no label (*.png) of an image that is not in ${listFile('val')}`);
    const own = existsSync(listFile('train')) ? await readIdList(listFile('train'), problems) : [];
    train = [...new Set([...own, ...more])];
  } else {
    problems.push(
      `${augmented.path}: its training images are unknown; add ${AUGMENTED_LISTS.map(listFile).join(' or ')}, or ${listFile('val')} to exclude the validation images`,
    );
  }
  const held = new Set(val);
  for (const id of train.filter((each) => held.has(each))) {
    problems.push(`${listFile(trainList)}: lists ${id}, which is also in ${listFile('val')}`);
  }
  return {
    TRAIN: match(train, images, [augmented, plain], problems),
    VAL: match(val ?? [], images, [plain ?? augmented], problems),
    TEST: [],
  };
}

/** The images that have a label, without those of a list. */
function outside(list: readonly string[], labels: Folder): string[] {
  const left = new Set(list);
  const stems = [...labels.names].filter((name) => name.endsWith('.png')).map((name) => parse(name).name);
  return stems.filter((id) => !left.has(id));
}

/** @param labels the folders that may have an image's label, best first; null if one does not exist */
function match(
  ids: readonly string[],
  images: Folder,
  labels: readonly (Folder | null)[],
  problems: string[],
): ImageFiles[] {
  const folders = labels.filter((folder) => folder !== null);
  const expect = (id: string, folder: Folder, name: string): boolean => {
    if (folder.names.has(name)) return true;
    problems.push(`${join(folder.path, name)}: the file does not exist, but ${id} is in the lists`);
    return false;
  };
  return ids.flatMap((id) => {
    const [image, label] = [`${id}.jpg`, `${id}.png`];
    const labelled = folders.find(({ names }) => names.has(label)) ?? folders[0]!;
    const found = [expect(id, images, image), expect(id, labelled, label)];
    if (found.includes(false)) return [];
    const paths = { image: join(images.path, image), label: join(labelled.path, label) };
    return { id, ...paths, thermal: null, labelValues: LABEL_VALUES };
  });
}

async function openFolder(path: string, problems: string[]): Promise<Folder> {
  return { path, names: new Set(await listFolder(path, problems)) };
}

async function openIfThere(path: string, problems: string[]): Promise<Folder | null> {
  return existsSync(path) ? openFolder(path, problems) : null;
}
