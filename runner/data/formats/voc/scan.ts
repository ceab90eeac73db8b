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
  unlabelled: ImageFiles[];
}

/** The usual name of the augmented training list, and its name in mmsegmentation. */
const AUGMENTED_LISTS = ['train_aug', 'trainaug'];
/** That of Labelme's scripts, whose SegmentationClass may hold NumPy files, and that of VOC. */
const LABEL_FOLDERS = ['SegmentationClassPNG', 'SegmentationClass'];
/** What CVAT calls the list of a task without subsets. */
const WHOLE_LIST = 'default';

/**
 * Finds the files of VOC's segmentation lists. With SegmentationClassAug, the training images are those of the
 * augmented list. Without such a list, they are those of train.txt and every image that SegmentationClassAug has a
 * label for, except those in val.txt. If SegmentationClassAug has no label for an image, the label comes from
 * SegmentationClass. Without SegmentationClassAug, training uses SegmentationClass and train.txt. Validation uses the
 * labels of SegmentationClass. TEST is empty, because PASCAL's labels are not public.
 *
 * Own data may also have a test list, its only list may be CVAT's default.txt, and there may be no lists, if all images are
 * training images. Images without a label that are in no list are then unlabelled.
 *
 * @param root the folder that contains JPEGImages
 */
export async function scanVoc(root: string, coding: LabelCoding, isOwn: boolean, problems: string[]): Promise<VocScan> {
  const lists = new SubsetLists(join(root, 'ImageSets', 'Segmentation'));
  const listFile = (name: string) => lists.path(name);
  const hasList = (name: string) => lists.find(name) !== null;
  const images = await openFolder(join(root, 'JPEGImages'), IMAGE_EXTENSIONS, problems);
  const known = new KnownIds(images.files.keys());
  const read = async (name: string) => {
    const { ids, unknown } = await readIdList(listFile(name), known, problems);
    refuseUnknown(listFile(name), unknown, { known, folder: images.path }, problems);
    return ids;
  };
  const augmentedPath = join(root, 'SegmentationClassAug');
  const augmented = existsSync(augmentedPath) ? await openFolder(augmentedPath, LABEL_EXTENSIONS, problems) : null;
  const plainPath = LABEL_FOLDERS.map((name) => join(root, name)).find((path) => existsSync(path));
  // Some people have only the augmented labels, which include those of the validation images.
  const plain =
    augmented && plainPath === undefined
      ? null
      : await openFolder(plainPath ?? join(root, LABEL_FOLDERS.at(-1)!), LABEL_EXTENSIONS, problems);
  const val = hasList('val') ? await read('val') : null;
  const augmentedList = augmented && AUGMENTED_LISTS.find(hasList);
  const onlyList = isOwn && !hasList('train') && hasList(WHOLE_LIST) ? WHOLE_LIST : 'train';
  const trainList = augmentedList ?? onlyList;
  const hasNone = isOwn && !augmented && !val && !hasList(trainList);
  let train: string[] = [];
  if (hasNone) train = [...images.files.keys()].filter((id) => plain?.files.has(id));
  else if (!augmented || augmentedList) train = await read(trainList);
  else if (val) {
    // Labels in a folder that is nested too deep have other ids than the images.
    const more = outside(val, augmented).filter((id) => !id.includes('/') || images.files.has(id));
    if (more.length === 0)
      problems.push(`${augmented.path}: contains no label (*.png) of an image that is not in ${listFile('val')}`);
    const own = hasList('train') ? await read('train') : [];
    train = [...new Set([...own, ...more])];
  } else {
    problems.push(
      `${augmented.path}: its training images are unknown; add ${AUGMENTED_LISTS.map(listFile).join(' or ')}, or ${listFile('val')} to exclude the validation images`,
    );
  }
  const test = isOwn && hasList('test') ? await read('test') : [];
  const listed = { [trainList]: train, val: val ?? [], test };
  refuseShared(
    Object.entries(listed).map(([name, ids]) => [listFile(name), ids]),
    problems,
  );
  const labels = [augmented, plain].filter((folder) => folder !== null);
  const find = (ids: readonly string[], folders: readonly Folder[]) => match(ids, images, folders, coding, problems);
  const held = labels.slice(-1);
  const files = { TRAIN: find(train, labels), VAL: find(val ?? [], held), TEST: find(test, held) };
  const used = new Set([...train, ...(val ?? []), ...test]);
  const isUnlabelled = (id: string) => !used.has(id) && labels.every((folder) => !folder.files.has(id));
  const unlabelled = isOwn ? [...images.files.keys()].filter(isUnlabelled) : [];
  return {
    files,
    unlabelled: unlabelled.map((id) => ({ id, image: images.files.get(id)!, thermal: null, label: null, coding })),
  };
}

/** The images that have a label, without those of a list. */
function outside(list: readonly string[], labels: Folder): string[] {
  const left = new Set(list);
  return [...labels.files.keys()].filter((id) => !left.has(id));
}

/** @param labels the folders that may have an image's label, best first */
function match(
  ids: readonly string[],
  images: Folder,
  labels: readonly Folder[],
  coding: LabelCoding,
  problems: string[],
): ImageFiles[] {
  const expect = (id: string, folder: Folder, extension: string): string | null => {
    const file = folder.files.get(id);
    if (file !== undefined) return file;
    problems.push(`${join(folder.path, id + extension)}: the file does not exist, but ${id} is in the lists`);
    return null;
  };
  return ids.flatMap((id) => {
    const labelled = labels.find(({ files }) => files.has(id)) ?? labels[0];
    const image = expect(id, images, '.jpg');
    const label = labelled ? expect(id, labelled, '.png') : null;
    if (image === null || label === null) return [];
    return { id, image, label, thermal: null, coding };
  });
}

async function openFolder(path: string, extensions: readonly string[], problems: string[]): Promise<Folder> {
  const files = await listPlace({ folder: path, extensions, othersAllowed: true }, problems);
  return { path, files: files ?? new Map() };
}
