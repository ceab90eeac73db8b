import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import { readIdList, refuseShared, refuseUnknown } from '../files/id-list.js';
import { IMAGE_EXTENSIONS, type ImageFiles, LABEL_EXTENSIONS } from '../files/image-files.js';
import type { LabelCoding } from '../files/label-coding.js';
import { KnownIds } from '../files/list-entries.js';
import { listPlace } from '../files/list-files.js';
import { SubsetLists } from '../files/subset-lists.js';

interface Folder {
  path: string;
  /** By id. */
  files: ReadonlyMap<string, string>;
}

export interface VocScan {
  files: Record<Subset, ImageFiles[]>;
  /** Images that are in no list and have no label. */
  others: ImageFiles[];
}

export const IMAGES = 'JPEGImages';
export const LISTS = join('ImageSets', 'Segmentation');
export const LABELS = 'SegmentationClass';
export const AUGMENTED = 'SegmentationClassAug';

/** The usual name of the augmented training list, and its name in mmsegmentation. */
const AUGMENTED_LISTS = ['train_aug', 'trainaug'];

/**
 * Finds the files of VOC's segmentation lists. With SegmentationClassAug, the training images are those of the
 * augmented list. Without such a list, they are those of train.txt and every image that SegmentationClassAug has a
 * label for, except those in val.txt. If SegmentationClassAug has no label for an image, the label comes from
 * SegmentationClass. Without SegmentationClassAug, training uses SegmentationClass and train.txt. Validation uses the
 * labels of SegmentationClass. TEST is empty, because PASCAL's labels are not public.
 *
 * @param root the folder that contains JPEGImages
 * @param hasTest whether the labels of test.txt are there, because the data is not PASCAL's
 */
export async function scanPascal(
  root: string,
  coding: LabelCoding,
  hasTest: boolean,
  problems: string[],
): Promise<VocScan> {
  const lists = new SubsetLists(join(root, LISTS));
  lists.refuseSeveral(problems);
  const images = await openFolder(join(root, IMAGES), IMAGE_EXTENSIONS, problems);
  const known = new KnownIds(images.files.keys());
  const read = async (name: string): Promise<string[]> => {
    const file = lists.path(name);
    const { ids, unknown } = await readIdList(file, known, problems);
    refuseUnknown(file, unknown, { known, folder: images.path }, problems);
    return ids;
  };
  const readIfAny = async (name: string) => (lists.find(name) === null ? null : read(name));
  const [augmented, plain] = await labelFolders(root, problems);
  const val = await readIfAny('val');
  const augmentedList = augmented && AUGMENTED_LISTS.find((name) => lists.find(name) !== null);
  const trainList = augmentedList ?? 'train';
  let train: string[] = [];
  if (!augmented || augmentedList) train = await read(trainList);
  else if (val) {
    // Labels in a folder that is nested too deep have other ids than the images.
    const more = outside(val, augmented).filter((id) => !id.includes('/') || images.files.has(id));
    if (more.length === 0)
      problems.push(`${augmented.path}: contains no label (*.png) of an image that is not in ${lists.path('val')}`);
    train = [...new Set([...((await readIfAny('train')) ?? []), ...more])];
  } else {
    const [first, second] = AUGMENTED_LISTS.map((name) => lists.path(name));
    problems.push(
      `${augmented.path}: its training images are unknown; add ${first} or ${second}, or ${lists.path('val')} to exclude the ` +
        'validation images',
    );
  }
  const test = (hasTest && (await readIfAny('test'))) || [];
  const listed = { [trainList]: train, val: val ?? [], test };
  refuseShared(
    Object.entries(listed).map(([name, ids]) => [lists.path(name), ids]),
    problems,
  );
  const labels = [augmented, plain].filter((folder) => folder !== null);
  const find = (name: string, ids: readonly string[], folders: readonly Folder[]) =>
    match({ list: lists.path(name), ids, images, labels: folders, coding }, problems);
  const held = labels.slice(-1);
  const files = {
    TRAIN: find(trainList, train, labels),
    VAL: find('val', val ?? [], held),
    TEST: find('test', test, held),
  };
  const used = new Set([...train, ...(val ?? []), ...test]);
  const isOther = (id: string) => !used.has(id) && labels.every((folder) => !folder.files.has(id));
  const others = [...images.files].filter(([id]) => isOther(id));
  return { files, others: others.map(([id, image]) => ({ id, image, thermal: null, label: null, coding })) };
}

/** The augmented labels and the others. Some people have only the first, which include those of the validation images. */
async function labelFolders(root: string, problems: string[]): Promise<[Folder | null, Folder | null]> {
  const [augmentedPath, path] = [join(root, AUGMENTED), join(root, LABELS)];
  const augmented = existsSync(augmentedPath) ? await openFolder(augmentedPath, LABEL_EXTENSIONS, problems) : null;
  return [augmented, augmented && !existsSync(path) ? null : await openFolder(path, LABEL_EXTENSIONS, problems)];
}

/** The images that have a label, without those of a list. */
function outside(list: readonly string[], labels: Folder): string[] {
  const left = new Set(list);
  return [...labels.files.keys()].filter((id) => !left.has(id));
}

interface Matching {
  list: string;
  ids: readonly string[];
  images: Folder;
  /** The folders that may have an image's label, best first. */
  labels: readonly Folder[];
  coding: LabelCoding;
}

function match({ list, ids, images, labels, coding }: Matching, problems: string[]): ImageFiles[] {
  return ids.flatMap((id) => {
    const folder = labels.find(({ files }) => files.has(id)) ?? labels[0];
    const [image, label] = [images.files.get(id), folder?.files.get(id)];
    if (image !== undefined && label !== undefined) return { id, image, label, thermal: null, coding };
    if (label !== undefined) problems.push(`${label}: has no image; expected ${join(images.path, `${id}.jpg`)}`);
    else if (folder)
      problems.push(`${image}: has no label, but is in ${list}; expected ${join(folder.path, `${id}.png`)}`);
    return [];
  });
}

async function openFolder(path: string, extensions: readonly string[], problems: string[]): Promise<Folder> {
  const files = await listPlace({ folder: path, extensions, othersAllowed: true }, problems);
  return { path, files: files ?? new Map() };
}
