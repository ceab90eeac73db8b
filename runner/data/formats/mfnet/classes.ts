import type { ClassInfo } from '../../dataset.js';

/** The classes of MFNet, named as in the readme of its archive, in the order of their values. "unlabeled" counts as a class. */
export const MFNET_CLASSES: readonly ClassInfo[] = [
  { name: 'unlabeled', color: [0, 0, 0] },
  { name: 'car', color: [64, 0, 128] },
  { name: 'person', color: [64, 64, 0] },
  { name: 'bike', color: [0, 128, 192] },
  { name: 'curve', color: [0, 0, 192] },
  { name: 'car_stop', color: [128, 128, 0] },
  { name: 'guardrail', color: [64, 64, 128] },
  { name: 'color_cone', color: [192, 128, 128] },
  { name: 'bump', color: [192, 64, 0] },
];
