import type { ClassInfo } from '../../dataset.js';
import { paletteColour } from '../palette.js';

/** The label value of the contours around objects and of difficult regions. */
export const VOC_IGNORE_INDEX = 255;

const NAMES = [
  'background',
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
];

/** The classes of PASCAL VOC 2012 in the order of their label values. */
export const VOC_CLASSES: readonly ClassInfo[] = NAMES.map((name, index) => ({ name, color: paletteColour(index) }));
