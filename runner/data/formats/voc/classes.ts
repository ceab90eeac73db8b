import type { ClassInfo } from '../../dataset.js';

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
export const VOC_CLASSES: readonly ClassInfo[] = NAMES.map((name, index) => ({ name, color: vocColor(index) }));

/**
 * The devkit's colour map (VOClabelcolormap.m): each group of three bits of the index gives one bit of red, green and
 * blue, starting with the highest.
 */
function vocColor(index: number): [red: number, green: number, blue: number] {
  const color: [number, number, number] = [0, 0, 0];
  for (let place = 7, bits = index; bits > 0; place--, bits >>= 3) {
    for (const c of [0, 1, 2] as const) color[c] |= ((bits >> c) & 1) << place;
  }
  return color;
}
