import type { ClassInfo } from '../../dataset.js';
import { classIndices, type LabelCoding, NO_CLASS } from '../files/label-coding.js';

export const CITYSCAPES_IGNORE_INDEX = 255;

/** The evaluated classes in the order of their train ids: label id, name, colour (cityscapesscripts, labels.py). */
const EVALUATED: readonly [labelId: number, name: string, color: [number, number, number]][] = [
  [7, 'road', [128, 64, 128]],
  [8, 'sidewalk', [244, 35, 232]],
  [11, 'building', [70, 70, 70]],
  [12, 'wall', [102, 102, 156]],
  [13, 'fence', [190, 153, 153]],
  [17, 'pole', [153, 153, 153]],
  [19, 'traffic light', [250, 170, 30]],
  [20, 'traffic sign', [220, 220, 0]],
  [21, 'vegetation', [107, 142, 35]],
  [22, 'terrain', [152, 251, 152]],
  [23, 'sky', [70, 130, 180]],
  [24, 'person', [220, 20, 60]],
  [25, 'rider', [255, 0, 0]],
  [26, 'car', [0, 0, 142]],
  [27, 'truck', [0, 0, 70]],
  [28, 'bus', [0, 60, 100]],
  [31, 'train', [0, 80, 100]],
  [32, 'motorcycle', [0, 0, 230]],
  [33, 'bicycle', [119, 11, 32]],
];

const LAST_LABEL_ID = 33;
/** The label id of licence plates, -1, as a byte. */
export const LICENCE_PLATE = 255;

export const CITYSCAPES_CLASSES: readonly ClassInfo[] = EVALUATED.map(([, name, color]) => ({ name, color }));

/** Files *_labelIds.png: 34 ids, of which 19 are classes. The others are ignored. */
export const LABEL_IDS: LabelCoding = {
  ...classIndices(CITYSCAPES_CLASSES, CITYSCAPES_IGNORE_INDEX),
  values: meaningOfLabelIds(),
  allowed: `0 to ${LAST_LABEL_ID}, and 255`,
};

/** Files *_labelTrainIds.png: class indices. */
export const TRAIN_IDS: LabelCoding = classIndices(CITYSCAPES_CLASSES, CITYSCAPES_IGNORE_INDEX);

function meaningOfLabelIds(): Int16Array {
  const meaning = new Int16Array(256).fill(NO_CLASS);
  meaning.fill(CITYSCAPES_IGNORE_INDEX, 0, LAST_LABEL_ID + 1);
  meaning[LICENCE_PLATE] = CITYSCAPES_IGNORE_INDEX;
  for (const [trainId, [labelId]] of EVALUATED.entries()) meaning[labelId] = trainId;
  return meaning;
}
